/** Which platform an image's description is about. */
import { expect, test } from "vitest";
import { isOf, readPlatform } from "./platform.ts";

test.each([
  ["linux/amd64", { os: "linux", architecture: "amd64" }],
  ["Linux/x86_64", { os: "linux", architecture: "amd64" }],
  ["linux/arm64/v8", { os: "linux", architecture: "arm64", variant: "v8" }],
  ["arm64", null],
  ["linux/", null],
  ["li nux/amd64", null],
])("%s", (text, platform) => {
  expect(readPlatform(text)).toEqual(platform);
});

const found = (Architecture: string, Variant?: string) => ({
  ...{ Os: "linux", Architecture },
  ...(Variant && { Variant }),
});

test.each([
  ["linux/arm64", found("arm64", "v8"), true],
  ["linux/arm64/v8", found("arm64"), true],
  ["linux/arm64", found("amd64"), false],
  ["linux/arm/v6", found("arm", "v7"), false],
  ["linux/arm", found("arm", "v7"), true],
  ["windows/amd64", found("amd64"), false],
])("%s of %j: %s", (asked, image, is) => {
  expect(isOf(image, readPlatform(asked) ?? { os: "", architecture: "" })).toBe(is);
});
