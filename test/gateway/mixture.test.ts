import { createHash } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

/** How the fake dockerd answers: whole, in chunks, before it has read the body, or not at all. */
const MANNERS = ["sized", "chunked", "early", "empty"] as const;

interface RandomRequest {
  readonly manner: (typeof MANNERS)[number];
  readonly body: number;
  readonly chunked: boolean;
  readonly denied: boolean;
}

let stage: Stage;
let docker: Server;
beforeAll(async () => {
  stage = await Stage.make();
  await stage.docker.close();
  await rm(stage.docker.path, { force: true });
  docker = createServer((request, response) => void answered(request, response));
  docker.listen(stage.docker.path);
  await once(docker, "listening");
});
afterAll(async () => {
  docker.closeAllConnections();
  docker.close();
  await stage.end();
});

const digest = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Another parser than ours: what it does not see, we did not pass on. */
async function answered(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const manner = request.headers["x-manner"];
  response.setHeader("X-Id", String(request.headers["x-id"]));
  if (manner === "early") {
    response.end("early");
    request.resume();
    return;
  }
  const sum = digest(await buffer(request));
  if (manner === "empty") response.writeHead(204).end();
  else if (manner === "chunked") {
    response.write(sum.slice(0, 10));
    setImmediate(() => response.end(sum.slice(10)));
  } else response.setHeader("Content-Length", sum.length).end(sum);
}

function requestOf({ manner, body, chunked, denied }: RandomRequest, id: number): Buffer {
  const bytes = Buffer.alloc(body, `${id},`);
  const line = denied ? "DELETE /containers/x" : "GET /_ping";
  const fields = `Host: d\r\nX-Id: ${id}\r\nX-Manner: ${manner}\r\n`;
  if (denied || body === 0) return Buffer.from(`${line} HTTP/1.1\r\n${fields}\r\n`);
  const head = (framing: string) => Buffer.from(`${line} HTTP/1.1\r\n${fields}${framing}\r\n\r\n`);
  if (!chunked) return Buffer.concat([head(`Content-Length: ${body}`), bytes]);
  const half = body >> 1;
  const chunk = (part: Buffer) =>
    part.length === 0
      ? Buffer.alloc(0)
      : Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]);
  const parts = [chunk(bytes.subarray(0, half)), chunk(bytes.subarray(half)), Buffer.from("0\r\n\r\n")];
  return Buffer.concat([head("Transfer-Encoding: chunked"), ...parts]);
}

async function bodyOf(client: Wire, head: string): Promise<string> {
  if (/ 204 /.test(head)) return "";
  const length = /content-length: (\d+)/i.exec(head)?.[1];
  if (length !== undefined) return client.takes(Number(length));
  let body = "";
  for (;;) {
    const size = Number.parseInt(await client.sees("\r\n"), 16);
    body += (await client.takes(size + 2)).slice(0, size);
    if (size === 0) return body;
  }
}

async function expectAnswer(
  client: Wire,
  { manner, body, denied }: RandomRequest,
  id: number,
): Promise<void> {
  const head = await client.sees("\r\n\r\n");
  const text = await bodyOf(client, head);
  if (denied) return expect(head).toMatch(/^HTTP\/1.1 403 /);
  expect(head.toLowerCase()).toContain(`x-id: ${id}\r\n`);
  if (manner === "early") expect(text).toBe("early");
  else if (manner !== "empty") expect(text).toBe(digest(Buffer.alloc(body, `${id},`)));
}

const randomRequest = fc.record<RandomRequest>({
  manner: fc.constantFrom(...MANNERS),
  body: fc.oneof(fc.constant(0), fc.nat(300), fc.nat(200_000)),
  chunked: fc.boolean(),
  denied: fc.boolean(),
});

/** Sends everything in pieces of these sizes, as fast as it is taken. */
async function sendInPieces(client: Wire, bytes: Buffer, sizes: readonly number[]): Promise<void> {
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number;
    await client.sent(bytes.subarray(at, at + size));
    at += size;
  }
}

test("concurrent requests in random pieces: every answer is right and in its place", {
  timeout: 60_000,
}, async () => {
  const run = fc.asyncProperty(
    fc.array(randomRequest, { minLength: 1, maxLength: 8 }),
    fc.array(fc.integer({ min: 1, max: 70_000 }), { minLength: 1, maxLength: 4 }),
    async (requests, sizes) => {
      const client = await stage.connect("vera");
      const bytes = Buffer.concat(requests.map(requestOf));
      const sending = sendInPieces(
        client,
        bytes,
        sizes.map((size) => Math.max(size, bytes.length >> 9)),
      );
      for (const [id, one] of requests.entries()) await expectAnswer(client, one, id);
      await sending;
      expect(client.unread).toBe("");
      client.end();
      await client.closed;
    },
  );
  await fc.assert(run, { numRuns: 120, interruptAfterTimeLimit: 40_000 });
});
