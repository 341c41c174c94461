import { connect, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { cpuUs } from "../../bench/gateway/usage.ts";
import type { Limits } from "../../src/gateway/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

let stage: Stage;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await stage.end();
});

async function made(limits: Partial<Limits>): Promise<void> {
  stage = await Stage.make({ limits: { handshakeMs: 60_000, ...limits } });
  stage.docker.answerAll(answer(200, "OK"));
}

/** TCP connections that say nothing. @returns how many are closed by now */
async function silent(count: number, address: (index: number) => string): Promise<() => number> {
  let closed = 0;
  let open = 0;
  for (let index = 0; index < count; index++) {
    const socket = connect({ host: stage.host, port: stage.port, localAddress: address(index) });
    socket
      .on("connect", () => open++)
      .on("error", () => {})
      .on("close", () => closed++)
      .resume();
    sockets.push(socket);
  }
  await expect.poll(() => open).toBe(count);
  return () => closed;
}

async function served(who = "anna"): Promise<Wire> {
  const client = await stage.connect(who);
  client.send(ask("/_ping"));
  await client.sees("\r\n\r\nOK");
  return client;
}

test("a few silent sources that take every place lose one to a new client", async () => {
  await made({ connections: 160, connectionsPerClient: 10, handshakes: 64, handshakesPerAddress: 4 });
  const closed = await silent(160, (index) => `127.3.0.${(index % 16) + 1}`);
  expect(closed()).toBe(0);
  const client = await served();
  await expect.poll(closed).toBeGreaterThan(0);
  expect(closed()).toBeLessThan(100);
  client.destroy();
});

test("the source with most places loses one, and a source with one keeps it", async () => {
  await made({ connections: 30, connectionsPerClient: 25, handshakes: 16, handshakesPerAddress: 16 });
  const small = await silent(4, (index) => `127.3.1.${index + 1}`);
  const large = await silent(25, () => "127.3.2.1");
  await silent(6, (index) => `127.3.3.${index + 1}`);
  await expect.poll(large).toBe(5);
  expect(small()).toBe(0);
});

test("a known address is served while strangers use up their turns", async () => {
  await made({ handshakes: 16, handshakesPerAddress: 4, strangersPerSecond: 1_000 });
  (await served()).destroy();
  await silent(400, (index) => `127.3.${Math.floor(index / 200)}.${(index % 200) + 1}`);
  const start = performance.now();
  await served();
  expect(performance.now() - start).toBeLessThan(900); // before a slow handshake would give way
});

test("clients that take every place lose an idle one to a client with fewer", async () => {
  stage = await Stage.make({ limits: { connections: 16, connectionsPerClient: 14 } });
  const { client: busy } = await stage.asked(ask("/containers/x/wait", "POST"));
  stage.docker.answerAll(answer(200, "OK"));
  const all: Wire[] = [busy];
  while (all.length < 14) all.push(await served());
  const vera = await served("vera");
  await expect
    .poll(() => all.filter(({ socket }) => socket.destroyed || socket.readableEnded).length)
    .toBe(1);
  expect(busy.socket.readableEnded).toBe(false);
  vera.send(ask("/_ping"));
  await vera.sees("\r\n\r\nOK");
});

test("6,000 silent addresses: connected clients are served all the time", async () => {
  stage = await Stage.make({
    limits: { handshakeMs: 60_000 },
    run: (file) => runProcess(file, "ulimit -n 20000"),
  });
  stage.docker.answerAll(answer(200, "OK"));
  const admin = await served();
  await silent(
    6_000,
    (index) => `127.${4 + Math.floor(index / 40_000)}.${(index >> 7) & 255}.${(index & 127) + 1}`,
  );
  let longest = 0;
  const pids = [(stage.gateway as RunningProcess).child.pid as number];
  const start = { at: performance.now(), cpu: cpuUs(pids) };
  const end = start.at + 3_000;
  while (performance.now() < end) {
    const asked = performance.now();
    admin.send(ask("/_ping"));
    await admin.sees("\r\n\r\nOK");
    longest = Math.max(longest, performance.now() - asked);
    await new Promise((resolve) => setTimeout(resolve, 20)); // the admin is not what is measured
  }
  const share = (cpuUs(pids) - start.cpu) / 1_000 / (performance.now() - start.at);
  console.log(
    `6,000 silent addresses: the longest request took ${longest.toFixed(0)} ms; ${(share * 100).toFixed(0)} % of a processor`,
  );
  expect(share).toBeLessThan(0.7); // all of it, and 1.7 s for a request, when a sweep looks at all for each
});
