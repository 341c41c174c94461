import { afterAll, beforeAll, expect, test } from "vitest";
import { ask, upload } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const MIB = 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, "x");
const PEERS = 40;
/** MiB for one connection: its own, a buffer on each side, and what the garbage collector has not taken back yet. */
const HELD = 3;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
});
afterAll(() => stage.end());

const gateway = () => stage.gateway as RunningProcess;

/** Writes as fast as it may. @returns how much went, and whether the socket takes no more */
function pump(wire: Wire, total: number) {
  const state = { sent: 0 };
  const go = () => {
    while (state.sent < total) {
      state.sent += PIECE.length;
      if (!wire.socket.write(PIECE)) return void wire.socket.once("drain", go);
    }
  };
  go();
  return state;
}

/** Waits until nothing moves any more. */
async function stalled(pumps: readonly { sent: number }[]): Promise<number> {
  const sum = () => pumps.reduce((all, { sent }) => all + sent, 0);
  let before = -1;
  await expect
    .poll(
      () => {
        const now = sum();
        const stands = now === before;
        before = now;
        return stands;
      },
      { interval: 500, timeout: 20_000 },
    )
    .toBe(true);
  return before;
}

const TOTAL = 24 * MIB;
const UPLOAD = upload(TOTAL);

test("a long upload takes no more memory than a short one: its buffers are collected during it", async () => {
  const total = 512 * MIB;
  const head = upload(total);
  const client = await stage.connect();
  const before = await gateway().rss();
  client.send(head);
  const docker = await stage.docker.next();
  docker.socket.on("data", () => docker.forget());
  pump(client, total);
  await expect.poll(() => docker.received, { timeout: 20_000 }).toBe(head.length + total);
  const grown = (await gateway().rss()) - before;
  console.log(`an upload of ${total / MIB} MiB: RSS ${before.toFixed(0)} MiB, ${grown.toFixed(0)} MiB more`);
  // V8 by itself would let 64 MiB pile up; later tests leave room for them, so this is the first
  expect(grown).toBeLessThan(40);
  client.destroy();
});

test("clients that do not read: dockerd has to wait, memory is bounded, nothing is lost", async () => {
  const before = await gateway().rss();
  const head = `HTTP/1.1 200 OK\r\nContent-Length: ${TOTAL}\r\n\r\n`;
  const clients: Wire[] = [];
  const pumps = [];
  for (let count = 0; count < PEERS; count++) {
    const client = await stage.connect();
    client.send(ask("/images/get?names=x"));
    client.socket.pause();
    clients.push(client);
    const docker = await stage.docker.asked();
    docker.send(head);
    pumps.push(pump(docker, TOTAL));
  }
  expect(await stalled(pumps)).toBeLessThan(PEERS * TOTAL);
  const grown = (await gateway().rss()) - before;
  console.log(
    `${PEERS} readers that do not read: RSS ${before.toFixed(0)} MiB, ${grown.toFixed(0)} MiB more`,
  );
  expect(grown).toBeLessThan(PEERS * HELD);
  const [first, ...others] = clients as [Wire, ...Wire[]];
  for (const other of others) other.destroy();
  first.socket.on("data", () => first.forget()).resume();
  await expect.poll(() => first.received, { timeout: 20_000 }).toBe(head.length + TOTAL);
});

test("a dockerd that does not read: uploads have to wait, memory is bounded, nothing is lost", async () => {
  const before = await gateway().rss();
  const pumps = [];
  const dockers: Wire[] = [];
  const clients: Wire[] = [];
  for (let count = 0; count < PEERS; count++) {
    const client = await stage.connect();
    clients.push(client);
    client.send(UPLOAD);
    const docker = await stage.docker.asked();
    docker.socket.pause();
    dockers.push(docker);
    pumps.push(pump(client, TOTAL));
  }
  expect(await stalled(pumps)).toBeLessThan(PEERS * TOTAL);
  const grown = (await gateway().rss()) - before;
  console.log(
    `${PEERS} uploads that nobody reads: RSS ${before.toFixed(0)} MiB, ${grown.toFixed(0)} MiB more`,
  );
  expect(grown).toBeLessThan(PEERS * HELD);
  for (const client of clients.slice(1)) client.destroy();
  const [first] = dockers as [Wire];
  first.socket.on("data", () => first.forget()).resume();
  await expect.poll(() => first.received, { timeout: 20_000 }).toBe(UPLOAD.length + TOTAL);
});

test("single bytes to a dockerd that does not read take no more memory than large pieces", async () => {
  const client = await stage.connect("vera");
  const size = 64 * MIB;
  client.send(`GET /events HTTP/1.1\r\nHost: d\r\nContent-Length: ${size}\r\n\r\n`);
  const docker = await stage.docker.asked();
  docker.socket.pause();
  // a large piece first: from then on the client has memory of its own
  for (let count = 0; count < 20; count++) await client.sent(Buffer.alloc(16 * 1024, "x"));
  const before = await gateway().rss();
  const state = { sent: 0 };
  // each a TLS record of its own
  const go = () => {
    if (state.sent++ < 200_000) client.socket.write("x", go);
  };
  go();
  await stalled([state]);
  expect((await gateway().rss()) - before).toBeLessThan(10);
  client.destroy();
});

test("no further requests are read from a client that does not read its answers", async () => {
  const before = await gateway().rss();
  const client = await stage.connect("vera");
  client.socket.pause();
  const denied = Buffer.from(ask("/containers/x", "DELETE").repeat(1_000));
  const state = { sent: 0 };
  const go = () => {
    while (state.sent < 256 * MIB) {
      state.sent += denied.length;
      if (!client.socket.write(denied)) return void client.socket.once("drain", go);
    }
  };
  go();
  const sent = await stalled([state]);
  expect(sent).toBeLessThan(256 * MIB);
  expect((await gateway().rss()) - before).toBeLessThan(50);
});

test("a slow reader gets the last byte, however long after dockerd closed", async () => {
  const client = await stage.connect();
  client.send(ask("/containers/x/export"));
  client.socket.pause();
  const docker = await stage.docker.asked();
  docker.send("HTTP/1.1 200 OK\r\n\r\n");
  const size = 8 * MIB;
  const sending = pump(docker, size);
  await stalled([sending]);
  let rounds = 0;
  // a piece now and then, until the kernel and the gateway have little left: dockerd is done long before
  client.socket.on("data", () => {
    client.forget();
    if (++rounds % 50 === 0) {
      client.socket.pause();
      setImmediate(() => client.socket.resume());
    }
  });
  client.socket.resume();
  await expect.poll(() => sending.sent, { timeout: 20_000 }).toBe(size);
  docker.end();
  await client.over;
  expect(client.received).toBe(size + 19);
});
