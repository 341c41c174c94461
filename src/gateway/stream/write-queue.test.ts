import { Writable } from "node:stream";
import { expect, test, vi } from "vitest";
import { WriteQueue } from "./write-queue.ts";

const BYTE = Buffer.from("x");
const LIMIT_BYTES = 1_024;

/** A socket that takes what is written only when told to. */
function slow() {
  const waiting: ((error?: Error) => void)[] = [];
  const socket = new Writable({
    highWaterMark: LIMIT_BYTES,
    write(_bytes, _encoding, callback) {
      waiting.push(callback);
    },
  });
  socket.on("error", () => {});
  const drained = vi.fn();
  const take = (error?: Error) => waiting.shift()?.(error);
  return { out: new WriteQueue(socket, drained), drained, take };
}

test("writing stops after 64 pieces of one byte", async () => {
  const { out, drained, take } = slow();
  expect(Array.from({ length: 65 }, () => out.write(BYTE)).indexOf(false)).toBe(64);
  expect(out.isFull).toBe(true);
  for (let taken = 0; taken < 64; taken++) take();
  expect(drained).not.toHaveBeenCalled();
  take();
  await expect.poll(() => drained.mock.calls.length).toBe(1);
  expect(out.isFull).toBe(false);
  expect(out.write(BYTE)).toBe(true);
});

test("writing stops when large pieces exceed the limit in bytes", async () => {
  const { out, drained, take } = slow();
  expect(out.write(Buffer.alloc(LIMIT_BYTES))).toBe(false);
  expect(out.isFull).toBe(true);
  take();
  await expect.poll(() => drained.mock.calls.length).toBe(1);
  expect(out.isFull).toBe(false);
});

test("pieces that are accepted at once do not count", () => {
  const { out, take } = slow();
  for (let count = 0; count < 1_000; count++) {
    expect(out.write(BYTE)).toBe(true);
    take();
  }
});

test("a failed write is not reported as drained", async () => {
  const { out, drained, take } = slow();
  while (out.write(BYTE));
  take(new Error("gone"));
  await new Promise((resolve) => setImmediate(resolve));
  expect(drained).not.toHaveBeenCalled();
  expect(out.isFull).toBe(true);
});

test("a large piece is written in slices, and the end follows it", async () => {
  const taken: number[] = [];
  const socket = new Writable({
    highWaterMark: 64 * 1024,
    write(bytes: Buffer, _encoding, callback) {
      taken.push(bytes.length);
      setImmediate(callback);
    },
  });
  const drained = vi.fn();
  const out = new WriteQueue(socket, drained);
  const size = 300_000;
  expect(out.write(Buffer.alloc(size))).toBe(false);
  expect(out.waitingBytes).toBeGreaterThanOrEqual(size);
  expect(out.write("more")).toBe(false);
  out.end("last");
  await new Promise((resolve) => socket.once("finish", resolve));
  expect(Math.max(...taken)).toBe(64 * 1024);
  expect(taken.reduce((sum, length) => sum + length, 0)).toBe(size + 8);
  expect(taken.at(-1)).toBe(4);
});
