import { expect, test } from "vitest";
import { dechunk } from "./dechunk.ts";

test.each([
  ["0\r\n\r\n", ""],
  ["5\r\nhello\r\n0\r\n\r\n", "hello"],
  ["5\r\nhello\r\n1\r\n \r\n5\r\nworld\r\n0\r\n\r\n", "hello world"],
  ["7\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n", "\r\n0\r\n\r\n"],
  ["1\r\nx\r\n0\r\nX-Sum: y\r\n\r\n", "x"],
  ["1\r\nx\r\n0\r\n\r\nbehind", "x"],
])("dechunk(%j)", (coded, data) => {
  expect(dechunk(Buffer.from(coded)).toString()).toBe(data);
});

test("dechunk() keeps every byte, in chunks of every size", () => {
  const data = Buffer.from(Array.from({ length: 600 }, (_, index) => index % 256));
  for (const size of [1, 2, 16, 255, 256, 599, 600]) {
    const parts: Buffer[] = [];
    for (let at = 0; at < data.length; at += size) {
      const chunk = data.subarray(at, at + size);
      parts.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n"));
    }
    expect(dechunk(Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]))).toEqual(data);
  }
});
