import { expect, test } from "vitest";
import { judgeAttributes } from "./attributes.ts";

test.each([
  ["context:a", "input:0-a"],
  ["context:a", "target:b"],
  ["input-metadata:0-a", "{}"],
])("another target as a context is refused with what to do: %s", (name, value) => {
  expect(() => judgeAttributes(new Map([[name, value]]), "a".repeat(64), "FrontendAttrs")).toThrow(
    "build that one first with a name (-t), and use docker-image://NAME",
  );
});
