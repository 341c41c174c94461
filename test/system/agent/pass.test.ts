/** What a client sends reaches the engine, and back, as over a connection of its own. */
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AGENT_LIMITS } from "../../../src/agent/index.ts";
import { askAgent } from "../../../src/system/agent-process/ask-agent.ts";
import { AgentStage, PING, PONG } from "./stage.ts";

const LIST = "GET /v1.47/containers/json HTTP/1.1\r\nHost: docker\r\n\r\n";
const EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";

let stage: AgentStage;
beforeEach(async () => {
  stage = await AgentStage.make();
});
afterEach(() => stage.end());

test("a ping is answered by the agent, with the engine's own answer; the next request reaches the engine", async () => {
  await stage.start();
  const client = await stage.client();
  client.send(PING);
  expect(await client.sees("\r\n\r\n")).toBe(PONG);
  client.send(LIST);
  const engine = await stage.engine.used();
  expect(await engine.sees("\r\n\r\n")).toBe(LIST);
  engine.send(EMPTY);
  expect(await client.sees("[]")).toBe(EMPTY);
  // The second ping of a connection is not the first: the engine answers it.
  client.send(PING);
  expect(await engine.sees("\r\n\r\n")).toBe(PING);
});

test.each([
  ["a GET of the same path", "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n"],
  ["a ping with a body", "HEAD /_ping HTTP/1.1\r\nHost: docker\r\nContent-Length: 1\r\n\r\nx"],
  ["a ping that ends the connection", "HEAD /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n"],
  ["what is not HTTP", "\u0016\u0003\u0001 hello"],
  ["a head that is never complete", `HEAD /_ping HTTP/1.1\r\nX: ${"y".repeat(20_000)}`],
])("%s is passed on", async (_what, bytes) => {
  await stage.start();
  (await stage.client()).send(Buffer.from(bytes, "latin1"));
  const engine = await stage.engine.used();
  expect(await engine.takes(bytes.length)).toBe(bytes);
});

test("a ping and a request in one packet, and a ping byte by byte", async () => {
  await stage.start();
  const both = await stage.client();
  both.send(PING + LIST);
  expect(await both.sees("\r\n\r\n")).toBe(PONG);
  expect(await (await stage.engine.used()).sees("\r\n\r\n")).toBe(LIST);
  const slow = await stage.client();
  for (const byte of PING) await slow.sent(byte);
  expect(await slow.sees("\r\n\r\n")).toBe(PONG);
});

test("a client that ends its half still reads the answer, as docker attach does", async () => {
  await stage.start();
  const client = await stage.client();
  client.end(LIST);
  const engine = await stage.engine.used();
  await engine.ended;
  engine.send("last words").end();
  expect(await client.rest()).toBe("last words");
});

test("an engine that ends its half still reads what the client sends", async () => {
  await stage.start();
  const client = await stage.client();
  client.send(LIST);
  const engine = await stage.engine.used();
  await engine.sees("\r\n\r\n");
  engine.end("bye");
  expect(await client.rest()).toBe("bye");
  client.end("more");
  expect(await engine.rest()).toBe("more");
});

test("20 MB each way arrive unchanged, and a reader that stops holds the writer back", async () => {
  await stage.start();
  const bytes = randomBytes(20 * 1024 * 1024);
  const client = await stage.client();
  client.send(LIST);
  const engine = await stage.engine.used();
  await engine.sees("\r\n\r\n");
  engine.socket.pause();
  client.socket.write(bytes);
  engine.send("x");
  await client.sees("x");
  expect(client.socket.writableLength).toBeGreaterThan(10 * 1024 * 1024);
  engine.socket.resume();
  expect((await engine.takes(bytes.length)) === bytes.toString("latin1")).toBe(true);
  engine.send(bytes);
  expect((await client.takes(bytes.length)) === bytes.toString("latin1")).toBe(true);
});

test("an engine that is cut cuts the client, and a client that is killed ends at the engine", async () => {
  await stage.start();
  const one = await stage.client();
  one.send(LIST);
  const engine = await stage.engine.used();
  await engine.sees("\r\n\r\n");
  engine.destroy();
  await one.over;
  const other = await stage.client();
  other.send(LIST);
  const second = await stage.engine.used();
  await second.sees("\r\n\r\n");
  other.destroy();
  await second.over;
});

test("200 clients at once: each gets a connection of its own, and all are gone afterwards", async () => {
  await stage.start();
  const clients = await Promise.all(Array.from({ length: 200 }, () => stage.client()));
  for (const [at, client] of clients.entries())
    client.send(`${PING}GET /${at} HTTP/1.1\r\nHost: docker\r\n\r\n`);
  const seen = new Set<string>();
  for (const _ of clients) {
    const engine = await stage.engine.used();
    const target = /GET (\S+)/.exec(await engine.sees("\r\n\r\n"))?.[1] ?? "";
    seen.add(target);
    engine.polite().send(`HTTP/1.1 200 OK\r\nX-Target: ${target}\r\nContent-Length: 0\r\n\r\n`);
  }
  expect(seen.size).toBe(200);
  for (const [at, client] of clients.entries())
    expect(await client.sees(`X-Target: /${at}\r\n`)).toContain("200 OK");
  expect((await askAgent(stage.socket()))?.clients).toBe(200);
  for (const client of clients) client.destroy();
  await expect.poll(async () => (await askAgent(stage.socket()))?.clients).toBe(0);
  await expect.poll(() => stage.engine.open.size).toBe(AGENT_LIMITS.spares);
});

test("clients beyond the limit are told so", async () => {
  await stage.start();
  const idle = await Promise.all(Array.from({ length: AGENT_LIMITS.clients }, () => stage.client()));
  const more = await stage.client();
  expect(await more.send(LIST).rest()).toContain("clients are connected already");
  expect(idle).toHaveLength(AGENT_LIMITS.clients);
});

test("the socket and its folder are for their owner only, also in a folder that was open to others", async () => {
  mkdirSync(join(stage.home, "agent"));
  chmodSync(join(stage.home, "agent"), 0o755);
  await stage.start();
  expect(statSync(join(stage.home, "agent")).mode & 0o777).toBe(0o700);
  expect(statSync(stage.socket()).mode & 0o777).toBe(0o600);
});

test("another user's process cannot connect", async () => {
  await stage.start();
  chmodSync(join(stage.home), 0o755);
  chmodSync(join(stage.home, "agent"), 0o755);
  process.seteuid?.(65_534);
  try {
    const socket = connect(stage.socket());
    const error = await new Promise((resolve) => socket.once("error", resolve).once("connect", resolve));
    expect(error).toMatchObject({ code: "EACCES" });
  } finally {
    process.seteuid?.(0);
  }
});
