import { describe, expect, test } from "vitest";
import { cpuMs } from "../../test/support/cpu-ms.ts";
import { ChunkedBody } from "./chunked.ts";

/** @param size how many bytes arrive at a time */
function take(text: string, size = text.length) {
  const bytes = Buffer.from(text, "latin1");
  const body = new ChunkedBody();
  let end = 0;
  while (end < bytes.length && !body.done && body.problem === null) {
    const piece = bytes.subarray(end, end + size);
    end += body.take(piece, 0);
  }
  return { done: body.done, code: body.problem?.code ?? null, end };
}

describe("ChunkedBody", () => {
  test.each([
    ["0\r\n\r\n", 5],
    ["000\r\n\r\nGET /", 7],
    ["5\r\nhello\r\n0\r\n\r\nGET /", 15],
    ["A\r\n0\r\n\r\n0\r\n\r\n\r\n0\r\n\r\n0\r\n\r\n", 20],
    ["1\r\nx\r\n0\r\nX-Sum: y\r\n\r\nGET /", 21],
    ["1\r\nx\r\n0\r\nX: y\r\nX:\r\n\r\n\r\n", 21],
  ])("%j ends after %i bytes, in pieces of any size", (text, end) => {
    for (let size = 1; size <= text.length; size++)
      expect(take(text, size), `in pieces of ${size}`).toEqual({ done: true, code: null, end });
  });

  test.each([
    ["\r\n", "chunk-size"],
    ["g\r\n", "chunk-size"],
    ["+1\r\nx", "chunk-size"],
    ["0x1\r\n", "chunk-size"],
    ["1 \r\nx", "chunk-size"],
    ["1;x\r\nx", "chunk-size"],
    ["1\nx", "chunk-size"],
    ["1\r\r\nx", "chunk-size"],
    ["10000000000000\r\n", "chunk-size"],
    ["1\r\nx\n0\r\n\r\n", "chunk-end"],
    ["1\r\nx\r0\r\n\r\n", "chunk-end"],
    ["1\r\nxy\r\n0\r\n\r\n", "chunk-end"],
    ["0\n\n", "chunk-size"],
    ["0\r\n\n", "line-ending"],
    ["0\r\n\rX", "line-ending"],
    ["0\r\nX : y\r\n\r\n", "field-name"],
    ["0\r\nX: y\r\n z\r\n\r\n", "obs-fold"],
    ["0\r\nX: y\nZ: a\r\n\r\n", "field-value"],
    ["0\r\nContent-Length: 5\r\n\r\n", "trailer"],
    ["0\r\nX: y\r\ntransfer-ENCODING: chunked\r\n\r\n", "trailer"],
    ["0\r\nX-Registry-Anything: e30=\r\n\r\n", "trailer"],
    ["0\r\nIf-Match: *\r\n\r\n", "trailer"],
    ["0\r\nProxy-Authorization: x\r\n\r\n", "trailer"],
  ])("%j is refused, %s, in pieces of any size", (text, code) => {
    for (let size = 1; size <= text.length; size++)
      expect(take(text, size), `in pieces of ${size}`).toMatchObject({ done: false, code });
  });

  test("trailers end after 8 KiB, in pieces of any size", () => {
    // 80 fields of 102 bytes, one that fills the rest, and the empty line
    const fields = `X: ${"y".repeat(97)}\r\n`.repeat(80);
    const whole = (length: number) => `0\r\n${fields}Y: ${"z".repeat(length - fields.length - 7)}\r\n\r\n`;
    const largest = whole(8192);
    for (const size of [1, 7, 4096, 8191, 8192, 8193, largest.length])
      expect(take(largest, size), `in pieces of ${size}`).toEqual({
        done: true,
        code: null,
        end: largest.length,
      });
    for (const size of [1, 7, 4096, 8191, 8192, 8193, largest.length])
      expect(take(whole(8193), size), `in pieces of ${size}`).toMatchObject({
        done: false,
        code: "head-size",
      });
  });

  test("a trailer that arrives byte by byte takes time in proportion to its length", () => {
    const bytes = Buffer.from(`X: ${"y".repeat(8_000)}\r\n\r\n`);
    const body = new ChunkedBody();
    body.take(Buffer.from("0\r\n"), 0);
    const start = cpuMs();
    for (let at = 0; at < bytes.length; at++) body.take(bytes.subarray(at, at + 1), 0);
    expect(body.done).toBe(true);
    expect(cpuMs() - start).toBeLessThan(150); // 450 ms if every byte makes it read the line again
  });

  test("the number of trailer fields is limited as in a head", () => {
    expect(take(`0\r\n${"X: y\r\n".repeat(101)}\r\n`).code).toBe("field-count");
  });

  test("a field that only begins like a forbidden one, or has one in its value, is allowed", () => {
    expect(take("0\r\nHosts: y\r\nTEA: z\r\nX: Host: z\r\nContent-Digest: q\r\n\r\n").done).toBe(true);
  });

  test("dataLeft is the data before the next chunk line", () => {
    const body = new ChunkedBody();
    expect(body.dataLeft).toBe(0);
    body.take(Buffer.from("1f\r\nab"), 0);
    expect(body.dataLeft).toBe(29);
  });

  test("the largest chunk is counted exactly", () => {
    const body = new ChunkedBody();
    body.take(Buffer.from("fffffffffffff\r\n"), 0);
    expect(body.dataLeft).toBe(2 ** 52 - 1);
  });

  test("takes nothing after a problem or after its end", () => {
    const broken = new ChunkedBody();
    broken.take(Buffer.from("x"), 0);
    expect(broken.take(Buffer.from("0\r\n\r\n"), 0)).toBe(0);
    expect(broken.done).toBe(false);
    const done = new ChunkedBody();
    done.take(Buffer.from("0\r\n\r\n"), 0);
    expect(done.take(Buffer.from("1\r\nx"), 2)).toBe(2);
  });
});
