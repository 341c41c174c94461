/** Every byte of a body arrives as it was sent, though all bodies are read into memory that is read into again. */
import { randomBytes, randomInt } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, upload } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const PEERS = 4;
const MIB = 1024 * 1024;
/** More than the sockets on the way hold. */
const FIT_BYTES = 2 * MIB;
/** Of the event loop, in which a writer that may write writes something. */
const TURNS = 50;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** Writes piece by piece: a TLS record each, or several where they are larger. */
async function write({ socket }: Wire, body: Buffer, state: { sent: number }, pieces: () => number) {
  while (state.sent < body.length) {
    const piece = body.subarray(state.sent, state.sent + pieces());
    await new Promise((resolve) => socket.write(piece, resolve));
    state.sent += piece.length;
  }
}

/** Resolves when nothing is written any more: everything on the way is full. @param sent bytes so far */
async function untilFull(sent: () => number): Promise<void> {
  let before = -1;
  for (let still = 0; still < TURNS; still++) {
    if (sent() !== before) still = 0;
    before = sent();
    await setImmediate();
  }
}

/** Reads by fits: in between the writer, the gateway and the kernel fill up. */
async function readAll({ socket }: Wire, size: number, sent: () => number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let [length, wanted] = [0, 0];
  let enough = () => {};
  socket.removeAllListeners("data").on("data", (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    if (length < wanted) return;
    socket.pause();
    enough();
  });
  while (length < size) {
    socket.pause();
    await untilFull(sent);
    wanted = Math.min(length + FIT_BYTES, size);
    await new Promise<void>((resolve) => {
      enough = resolve;
      socket.resume();
    });
  }
  return Buffer.concat(pieces);
}

test.each([
  ["large", () => randomInt(1, 80_000)],
  ["small", () => randomInt(1, 3_000)],
  ["all", () => (randomInt(2) === 0 ? randomInt(1, 3_000) : randomInt(1, 80_000))],
])("in %s pieces, side by side, to a dockerd that is slower than they are", async (_, pieces) => {
  const uploads = [];
  for (let peer = 0; peer < PEERS; peer++) {
    const body = randomBytes(6 * MIB);
    const head = upload(body.length);
    const client = (await stage.connect()).send(head);
    const docker = await stage.docker.next();
    expect(await docker.sees("\r\n\r\n")).toBe(head);
    uploads.push({ client, body, docker });
  }
  await Promise.all(
    uploads.map(async ({ client, body, docker }) => {
      const state = { sent: 0 };
      const written = write(client, body, state, pieces);
      const read = await readAll(docker, body.length, () => state.sent);
      await written;
      expect(read.equals(body)).toBe(true);
      docker.send(answer(200, "loaded"));
      await client.sees("loaded");
    }),
  );
});
