import { expect, test } from "vitest";
import { sha256 } from "./sha256.ts";

test("the sum equals sha256sum's", () => {
  expect(sha256("abc\n")).toBe("edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb");
});
