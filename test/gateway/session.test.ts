/** A session's messages, looked at on their way: what is refused does not reach the engine, ends the session and is recorded. */
import { expect, test } from "vitest";
import { type JudgingGateway, judgingTests } from "./support/judging.ts";

const { make } = judgingTests();
const UPGRADE =
  "POST /v1.41/exec/x/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
const UPGRADED = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/** An HTTP/2 frame with a gRPC message. */
function data(text: string): string {
  const head = Buffer.alloc(14);
  head.writeUIntBE(text.length + 5, 0, 3);
  head.writeUInt32BE(1, 5);
  head.writeUInt32BE(text.length, 10);
  return head.toString("latin1") + text;
}

/** Header fields whose last one is written out. */
function trailers(name: string, value: string): string {
  const fields = Buffer.concat([
    Buffer.from([0x88, 0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);
  const head = Buffer.from([0, 0, fields.length, 1, 4, 0, 0, 0, 1]);
  return Buffer.concat([head, fields]).toString("latin1");
}

/** The engine begins, and makes a call without a path. */
const CALL = `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${Buffer.from([0, 0, 0, 1, 4, 0, 0, 0, 1]).toString("latin1")}`;

/** Of calls whose protocol has a message for errors, as uploads have. */
const failure = (why: string) => Buffer.from(`failed: ${why}`);

async function asking(failure: (why: string) => Uint8Array | null = () => null) {
  const sent = {
    rule: "test:files",
    answerTo: () => ({
      ...{ held: 0, contentOf: () => null, refusesContent: () => null, failure },
      refuses: (message: Uint8Array) => (Buffer.from(message).includes("device") ? "it has a device" : null),
    }),
    refusesField: (name: string, value: string) =>
      name === "x-details" && value === "null" ? "it has no details" : null,
  };
  const gateway = await make(
    async (body: Buffer) => ({ allow: true, rule: "test", answer: null, body, sent }) as const,
  );
  return { gateway, client: await gateway.connect() };
}

async function open(failure?: (why: string) => Uint8Array | null) {
  const { gateway, client } = await asking(failure);
  client.send(UPGRADE);
  const engine = await gateway.docker.next();
  await engine.sees("\r\n\r\n");
  engine.send(UPGRADED);
  await client.sees("\r\n\r\n");
  engine.send(CALL);
  await client.sees(CALL);
  return { gateway, client, engine };
}

/** A frame of the client's own, which answers no call: its settings. */
const SETTINGS = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]).toString("latin1");

/** Resolves when the gateway has handled what it has read before. */
async function elsewhere(gateway: JudgingGateway): Promise<void> {
  const other = await gateway.connect();
  other.send("GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
  (await gateway.docker.asked()).send("HTTP/1.1 204 No Content\r\n\r\n");
  await other.sees("\r\n\r\n");
}

test("no byte of a session reaches the engine before its 101: the engine would drop the first ones, and read the rest in other frames", async () => {
  const { gateway, client } = await asking();
  client.send(`${UPGRADE}${SETTINGS}`);
  const engine = await gateway.docker.asked();
  client.send(SETTINGS);
  await elsewhere(gateway);
  expect(engine.unread).toBe("");
  engine.send(UPGRADED);
  expect(await engine.takes(2 * SETTINGS.length)).toBe(SETTINGS + SETTINGS);
});

test("what was sent early does not reach the engine at all if it does not upgrade", async () => {
  const { gateway, client } = await asking();
  client.send(`${UPGRADE}${SETTINGS}`);
  const engine = await gateway.docker.asked();
  engine.send("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
  await client.sees("404 Not Found");
  await client.sees("400 Bad Request");
  await elsewhere(gateway);
  expect(engine.unread).toBe("");
});

test("messages pass unchanged in both directions", async () => {
  const { client, engine } = await open();
  client.send(data("a file"));
  expect(await engine.sees("a file")).toBe(data("a file"));
  engine.send(data("what the engine asks"));
  await client.sees(data("what the engine asks"));
});

test("an answer to a call that the engine has not made ends the session", async () => {
  const { client, engine } = await open();
  client.send(data("a file").replace("\x01", "\x03"));
  await client.over;
  await engine.over;
  expect(engine.unread).toBe("");
});

test("what an error says passes unchanged, and a refused header field ends the session", async () => {
  const { client, engine } = await open();
  client.send(Buffer.from(trailers("x-details", "fine"), "latin1"));
  await engine.sees("fine");
  client.send(Buffer.from(trailers("x-details", "null"), "latin1"));
  await client.over;
  await engine.over;
  expect(engine.unread).not.toContain("null");
});

const TOLD = "tetherdock%3A%20it%20has%20a%20device";

test("a refused message does not reach the engine, which is told why; the session ends and is recorded", async () => {
  const { client, engine, gateway } = await open();
  client.send(`${data("a file")}${data("a device")}${data("another file")}`);
  const seen = await engine.sees(TOLD);
  // The frame of header fields for the same call, which ends it.
  const head = Buffer.from(seen.slice(data("a file").length), "latin1");
  expect(seen).toContain(data("a file"));
  expect([...head.subarray(3, 9)]).toEqual([1, 5, 0, 0, 0, 1]);
  expect(head.readUIntBE(0, 3)).toBe(head.length - 9);
  client.send(data("one more file"));
  engine.end();
  await client.over;
  await engine.over;
  expect(engine.unread).toBe("");
  const [record] = await gateway.records("Grpc moby.filesync.v1.FileSync/DiffCopy", 1);
  expect(record).toMatchObject({ decision: "deny", rule: "test:files", error: "it has a device" });
});

test("a call with a message for errors gets it in place of the refused one, and does not end", async () => {
  const { client, engine } = await open(failure);
  client.send(`${data("a file")}${data("a device")}${data("another file")}`);
  const told = data("failed: tetherdock: it has a device");
  expect(await engine.sees("it has a device")).toBe(data("a file") + told);
  engine.end();
  await client.over;
  await engine.over;
  expect(engine.unread).toBe("");
});

test("in the middle of a message the call ends instead: another message cannot take its place", async () => {
  const { client, engine } = await open(failure);
  const [before, after] = ["a dev", "ice"].map((part) => data(part).slice(14));
  const frame = (payload: string) =>
    Buffer.from([0, 0, payload.length, 0, 0, 0, 0, 0, 1]).toString("latin1") + payload;
  const begun = frame(`\0\0\0\0\x08${before}`);
  client.send(begun);
  await engine.sees(begun);
  client.send(frame(`${after}`));
  const head = Buffer.from(await engine.sees(TOLD), "latin1");
  expect([...head.subarray(3, 9)]).toEqual([1, 5, 0, 0, 0, 1]);
});

test("a session ends by itself if neither side does after a refused message, but not before BuildKit has written to a slow disk", async () => {
  const { client, engine } = await open();
  client.send(data("a device"));
  await engine.sees(TOLD);
  const told = performance.now();
  await client.over;
  expect(performance.now() - told).toBeGreaterThan(10_000);
  await engine.over;
});

test("the engine is told nothing in the middle of a frame", async () => {
  const { client, engine } = await open();
  const frame = data("a device");
  client.send(frame.slice(0, 16));
  await engine.sees(frame.slice(0, 16));
  client.send(frame.slice(16));
  await client.over;
  await engine.over;
  expect(engine.unread).toBe("");
});
