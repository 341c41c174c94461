import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { type RunningProcess, runProcess } from "./support/run-process.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

/** An inspect of a container with 1 MB of mounts: its environment is blanked for a viewer. */
const MOUNTS = Array.from({ length: 2_000 }, (_, at) => ({
  Type: "volume",
  Name: `v${at}`,
  Source: "s".repeat(450),
}));
const LARGE = JSON.stringify({ Id: "x".repeat(64), Config: { Env: ["A=secret"] }, Mounts: MOUNTS });
const READERS = 400;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ run: (file) => runProcess(file) });
  stage.docker.answerAll(answer(200, LARGE));
});
afterAll(() => stage.end());

const gateway = () => stage.gateway as RunningProcess;

async function whole(who: string): Promise<string> {
  const client = await stage.connect(who);
  client.send(ask("/containers/x/json"));
  const head = await client.sees("\r\n\r\n");
  const body = await client.takes(Number(/Content-Length: (\d+)/i.exec(head)?.[1]));
  client.destroy();
  return body;
}

async function cutOf(who: string): Promise<number> {
  const isCut = ({ client, error }: AuditEvent) => client === who && error === "too-much-waiting";
  return (await stage.records()).filter(isCut).length;
}

test("400 answers of 1 MB that a viewer does not read: memory is bounded, and others are served", {
  timeout: 90_000,
}, async () => {
  await whole("vera");
  const before = await gateway().rss();
  const unread: Wire[] = [];
  while (unread.length < READERS) {
    const some = await Promise.all(Array.from({ length: 20 }, () => stage.connect("vera")));
    for (const client of some) {
      client.send(ask("/containers/x/json"));
      client.socket.pause();
    }
    unread.push(...some);
  }
  let most = before;
  const end = performance.now() + 5_000;
  while (performance.now() < end) {
    most = Math.max(most, await gateway().rss());
    expect((await whole("anna")) === LARGE).toBe(true);
  }
  console.log(
    `400 unread answers of 1 MB: RSS ${before.toFixed(0)} MiB before, ${most.toFixed(0)} MiB at most`,
  );
  expect(most).toBeLessThan(260); // 1,063 MiB when each answer is kept whole
  for (const client of unread) client.destroy();
  const blanked = await whole("vera");
  expect(blanked.includes("A=***")).toBe(true);
  expect(blanked.includes("secret")).toBe(false);
});

test("a viewer that reads slowly gets the complete answer", async () => {
  const client = await stage.connect("vera");
  client.send(ask("/containers/x/json"));
  let rounds = 0;
  client.socket.on("data", () => {
    if (++rounds % 5 !== 0) return;
    client.socket.pause();
    setImmediate(() => client.socket.resume());
  });
  const head = await client.sees("\r\n\r\n");
  const body = await client.takes(Number(/Content-Length: (\d+)/i.exec(head)?.[1]));
  expect(body.includes('"Name":"v1999","Source":"s')).toBe(true);
});

test("downloads that one client does not read: above its share the longest waiting one is closed, and no other client's", async () => {
  const file = Buffer.alloc(4 * 1024 * 1024, "x");
  stage.docker.behave((wire) => {
    wire.socket.on("data", () => {
      wire.send(`HTTP/1.1 200 OK\r\nContent-Length: ${file.length}\r\n\r\n`);
      wire.send(file);
    });
  });
  const other = await stage.connect("vera");
  other.send(ask("/events"));
  other.socket.pause();
  const before = { rss: await gateway().rss(), cut: await cutOf("vera") };
  const unread: Wire[] = [];
  while (unread.length < 300) {
    const client = await stage.connect("anna");
    client.send(ask("/images/get?names=x"));
    client.socket.pause();
    unread.push(client);
  }
  await stage.record(({ client, error }) => client === "anna" && error === "too-much-waiting");
  const grown = (await gateway().rss()) - before.rss;
  console.log(`300 unread downloads: ${grown.toFixed(0)} MiB more`);
  expect(grown).toBeLessThan(120);
  expect(await cutOf("vera")).toBe(before.cut);
  for (const client of unread) client.destroy();
  other.destroy();
});

test("events that a viewer does not read: dockerd does not wait, since it would for each event; the viewer is cut off", async () => {
  const name = "n".repeat(64 * 1024);
  const event = `${JSON.stringify({ Type: "container", Action: "start", Actor: { ID: "c", Attributes: { name } } })}\n`;
  const chunk = `${event.length.toString(16)}\r\n${event}\r\n`;
  let sent = 0;
  stage.docker.behave((wire) => {
    const more = () => {
      while (!wire.socket.destroyed && wire.socket.write(chunk)) sent += 1;
      wire.socket.once("drain", more);
    };
    wire.socket.once("data", () => {
      wire.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
      more();
    });
  });
  const before = await cutOf("vera");
  const client = await stage.connect("vera");
  client.send(ask("/events"));
  client.socket.pause();
  await expect.poll(() => cutOf("vera"), { timeout: 20_000 }).toBe(before + 1);
  expect(sent).toBeGreaterThan(0);
  client.destroy();
});
