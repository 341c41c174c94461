import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Limits } from "../../src/gateway/index.ts";
import { ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stage.end();
});

const made = async (limits: Partial<Limits>) => {
  stage = await Stage.make({ limits });
};

/** TCP connections that say nothing. @returns how many are closed by now */
function silent(count: number, address: (index: number) => string): () => number {
  let closed = 0;
  for (let index = 0; index < count; index++) {
    const socket = connect({ host: stage.host, port: stage.port, localAddress: address(index) });
    socket
      .on("error", () => {})
      .on("close", () => closed++)
      .resume();
    sockets.push(socket);
  }
  return () => closed;
}

async function isServed(): Promise<void> {
  const client = await stage.connect();
  client.send(ask("/_ping"));
  await stage.docker.next();
  client.destroy();
}

test("above the limit of connections new ones are closed, and places are free again at once", async () => {
  await made({ connections: 12 });
  const closed = silent(14, (index) => `127.1.0.${index + 1}`);
  await expect.poll(closed).toBe(2);
  for (const socket of sockets) socket.end();
  await expect.poll(closed).toBe(14);
  await isServed();
});

test("the limit of connections covers all listeners", async () => {
  const unix = join(tmpdir(), `tetherdock-strangers-${process.pid}.sock`);
  stage = await Stage.make({ limits: { connections: 3 }, unix });
  const byTcp = silent(2, (index) => `127.1.0.${index + 1}`);
  let byUnix = 0;
  for (let count = 0; count < 2; count++)
    sockets.push(
      connect(unix)
        .on("error", () => {})
        .on("close", () => byUnix++)
        .resume(),
    );
  await expect.poll(() => byTcp() + byUnix).toBe(1);
});

test("one silent address cannot take everybody's places", async () => {
  await made({ connections: 12, connectionsPerClient: 6 });
  const closed = silent(20, () => "127.1.0.1");
  await expect.poll(closed).toBe(14);
  await isServed();
});

test("one address with slow handshakes cannot take everybody's turns", async () => {
  await made({ handshakes: 4, handshakesPerAddress: 2 });
  silent(50, () => "127.1.0.1");
  await isServed();
});

test("a few silent addresses that take every turn make room", async () => {
  await made({ handshakes: 8, handshakesPerAddress: 2, handshakeMs: 60_000 });
  const closed = silent(40, (index) => `127.1.0.${(index % 8) + 1}`);
  const start = performance.now();
  await isServed();
  expect(performance.now() - start).toBeLessThan(10_000);
  expect(closed()).toBeGreaterThan(0);
});

test("an unfinished handshake is closed, and so is one that waits for its turn", async () => {
  await made({ handshakeMs: 500, handshakesPerAddress: 2 });
  const closed = silent(6, () => "127.1.0.1");
  await expect.poll(closed).toBe(6);
});

test("a connection that is not TLS is closed", async () => {
  await made({});
  const closed = silent(2, () => "127.1.0.1");
  sockets[0]?.write("GET /_ping HTTP/1.1\r\nHost: d\r\n\r\n");
  sockets[1]?.write(Buffer.alloc(100));
  await expect.poll(closed).toBe(2);
});

test("a flood of refused certificates leaves a few records, not a full disk", async () => {
  await made({});
  for (let count = 0; count < 40; count++) await (await stage.connectWith({})).over;
  // A record of another kind, made after all of theirs.
  (await stage.connect()).send("no HTTP\r\n\r\n");
  await stage.record(({ client }) => client === "anna");
  const records = (await stage.records()).filter(({ event }) => event === "connection");
  expect(records).toHaveLength(20);
});
