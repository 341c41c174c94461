import { createHash, randomBytes } from "node:crypto";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, upload } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

const MIB = 1024 * 1024;
const TOTAL = 24 * MIB;
/** No multiple of any buffer's size, so that no two pieces are cut alike. */
const PIECE = 100_003;
const PATH = join(tmpdir(), `tetherdock-integrity-${process.pid}.sock`);
const UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ unix: PATH });
});
afterAll(() => stage.end());

/** Writes random bytes, as fast as they are taken. @returns their digest */
async function pour(into: Wire): Promise<string> {
  const sum = createHash("sha256");
  for (let left = TOTAL; left > 0; left -= PIECE) {
    const piece = randomBytes(Math.min(PIECE, left));
    sum.update(piece);
    await into.sent(piece);
  }
  return sum.digest("hex");
}

/** Reads so much, and stops for a moment again and again. @returns the digest of what came */
function drink(from: Duplex): Promise<string> {
  const sum = createHash("sha256");
  const { promise, resolve } = Promise.withResolvers<string>();
  let came = 0;
  let pieces = 0;
  from.removeAllListeners("data").on("data", (bytes: Buffer) => {
    sum.update(bytes);
    came += bytes.length;
    if (came >= TOTAL) resolve(sum.digest("hex"));
    else if (++pieces % 7 === 0) {
      from.pause();
      setImmediate(() => from.resume());
    }
  });
  return promise;
}

const doors = [
  ["TLS", () => stage.connect()],
  ["a local socket", async () => new Wire(connect({ path: PATH, allowHalfOpen: true }))],
] as const;

test.each(doors)("every byte of a large answer arrives unchanged, by %s", async (_door, open) => {
  const client = await open();
  client.send(ask("/containers/x/export"));
  const docker = await stage.docker.asked();
  docker.send(`HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`);
  await client.sees("\r\n\r\n");
  const got = drink(client.socket);
  const sent = await pour(docker);
  expect(await got).toBe(sent);
});

test.each(doors)("every byte of a large upload arrives unchanged, by %s", async (_door, open) => {
  const client = await open();
  client.send(upload(TOTAL));
  const docker = await stage.docker.asked();
  const got = drink(docker.socket);
  const sent = await pour(client);
  expect(await got).toBe(sent);
});

test.each(doors)("both directions of a pipe at once, by %s", async (_door, open) => {
  const client = await open();
  client.send(ask("/containers/x/attach", "POST", UPGRADE));
  const docker = await stage.docker.asked();
  docker.send(SWITCH);
  await client.sees("\r\n\r\n");
  const [up, down] = [drink(docker.socket), drink(client.socket)];
  const [sentUp, sentDown] = await Promise.all([pour(client), pour(docker)]);
  expect(await Promise.all([up, down])).toEqual([sentUp, sentDown]);
});
