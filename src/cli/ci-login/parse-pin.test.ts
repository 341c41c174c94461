import { expect, test } from "vitest";
import { TetherdockError } from "../../base/index.ts";
import { parsePin } from "./parse-pin.ts";

test("a pin is a SHA-256", () => {
  expect(parsePin(`sha256:${"a".repeat(64)}`)).toBe("a".repeat(64));
  for (const wrong of [
    "",
    "a".repeat(64),
    "sha256:abc",
    `sha256:${"A".repeat(64)}`,
    `sha1:${"a".repeat(40)}`,
  ])
    expect(() => parsePin(wrong)).toThrow(TetherdockError);
});
