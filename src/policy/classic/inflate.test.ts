/** How large a compressed archive may become. */
import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { inflated } from "./inflate.ts";

const KIBIBYTE = 1024;

/** @param random how many KiB gzip cannot make smaller */
const bytesOf = (kibibytes: number, random: number): Buffer =>
  Buffer.concat([randomBytes(random * KIBIBYTE), Buffer.alloc((kibibytes - random) * KIBIBYTE)]);

test.each([
  ["256 KiB of less than 1 KiB", 256, 0],
  ["less than 16 times", 3000, 190],
  ["4 MiB", 4096, 300],
])("%s", async (_what, kibibytes, random) => {
  const bytes = bytesOf(kibibytes, random);
  expect(await inflated(gzipSync(bytes))).toEqual(bytes);
});

test.each([
  ["257 KiB of less than 1 KiB", 257, 0, "larger than 256 KiB"],
  ["more than 16 times", 3000, 180, /larger than 2[89]\d\d KiB/],
  ["more than 4 MiB", 4097, 300, "larger than 4096 KiB"],
])("%s is refused", async (_what, kibibytes, random, why) => {
  await expect(inflated(gzipSync(bytesOf(kibibytes, random)))).rejects.toThrow(why);
});

test("bytes that are not compressed are the same afterwards", async () => {
  const bytes = bytesOf(1, 1);
  expect(await inflated(bytes)).toBe(bytes);
});
