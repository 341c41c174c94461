import { expect, test } from "vitest";
import { ByteBuffer } from "./byte-buffer.ts";

test("keeps every byte in order, and is empty after take()", () => {
  const buffer = new ByteBuffer();
  const all = Buffer.from(Array.from({ length: 5_000 }, (_, index) => index % 251));
  for (let at = 0; at < all.length; at += 7) buffer.add(all.subarray(at, at + 7));
  expect(buffer.length).toBe(all.length);
  expect(buffer.bytes).toEqual(all);
  expect(buffer.take()).toEqual(all);
  expect(buffer.length).toBe(0);
});

test("pieces are copied", () => {
  const buffer = new ByteBuffer();
  const piece = Buffer.from("abc");
  buffer.add(piece);
  piece.fill("x");
  buffer.add(piece);
  expect(buffer.take().toString()).toBe("abcxxx");
});
