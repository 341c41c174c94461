import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import type { ReadInto, Reading } from "../ports.ts";
import { ClientReader, READ_BYTES } from "./client-reader.ts";

/** A reader, and what a socket would do to it. @param can whether the socket can be read into our own memory */
function reader({ can }: { readonly can: boolean }) {
  const state = { isHeld: false, released: 0, taken: "", reading: null as Reading | null };
  const shared = Buffer.alloc(READ_BYTES);
  const readInto: ReadInto = (_socket, reading) => {
    state.reading = reading;
    return can;
  };
  const released = (bytes: number) => {
    state.released += bytes;
  };
  const socket = new PassThrough();
  const take = (bytes: Buffer) => {
    state.taken = bytes.toString("latin1");
  };
  const made = new ClientReader(
    socket,
    { sockets: { readInto, isGone: () => false }, shared, released },
    take,
    () => state.isHeld,
  );
  /** @returns the memory for the next read; null: the same */
  const comes = (size: number): Buffer | null => {
    state.reading?.onBytes(Buffer.alloc(size, "x"));
    return state.reading?.next() ?? null;
  };
  return { made, state, shared, socket, comes };
}

test("small pieces are read into shared memory", () => {
  const { made, state, shared, comes } = reader({ can: true });
  expect(state.reading?.first).toBe(shared);
  expect([1, 500, 4_095].map(comes)).toEqual([null, null, null]);
  expect(state.taken).toHaveLength(4_095);
  expect([1, 16_384].map((bytes) => made.overwrites(bytes))).toEqual([true, true]);
});

test("after a large piece the client gets its own buffer, and another one while the first is still needed", () => {
  const { made, state, shared, comes } = reader({ can: true });
  const own = comes(4_096);
  expect(own).toHaveLength(READ_BYTES);
  expect(own).not.toBe(shared);
  expect([4_095, 4_096].map((bytes) => made.overwrites(bytes))).toEqual([true, false]);
  expect([16_384, 1].map(comes)).toEqual([null, null]);
  state.isHeld = true;
  expect(comes(4_095)).toBe(null); // it was copied
  const another = comes(4_096);
  expect(another).toHaveLength(READ_BYTES);
  expect(another).not.toBe(own);
  expect(state.released).toBe(READ_BYTES);
});

test("without readInto, each piece has its own memory, which is reported as released", async () => {
  const { made, state, socket } = reader({ can: false });
  socket.write("bytes");
  await expect.poll(() => state.taken).toBe("bytes");
  expect(made.overwrites(1)).toBe(false);
  expect(state.released).toBe("bytes".length);
});
