/** What a host unpacks of what a store sends. */
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { MOST_PUBLICATION } from "../store/index.ts";
import { pack, unpack } from "./packed.ts";

test("what was packed is unpacked, up to the longest publication", () => {
  for (const text of ["", "é", "x".repeat(MOST_PUBLICATION)]) expect(unpack(pack(text))).toBe(text);
});

test.each([
  ["text", Buffer.from("{}"), /cannot be unpacked/],
  ["nothing", Buffer.alloc(0), /cannot be unpacked/],
  ["half of it", pack("x".repeat(1_000)).subarray(0, 20), /cannot be unpacked/],
  ["a byte too many", gzipSync("x".repeat(MOST_PUBLICATION + 1)), /longer than 2097152 bytes/],
  ["1 GiB in 1 MiB", gzipSync(Buffer.alloc(1024 ** 3), { level: 1 }), /longer than 2097152 bytes/],
] as const)("%s is refused", (_what, bytes, refused) => {
  const before = process.memoryUsage().arrayBuffers;
  expect(() => unpack(bytes)).toThrow(refused);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * MOST_PUBLICATION);
});
