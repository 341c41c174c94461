import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditEvent } from "../../src/audit/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

/** A request and its answer. @returns what dockerd saw, what the client got */
async function exchange(request: string, reply: string) {
  const client = await stage.connect();
  client.send(request + ask("/next"));
  const docker = await stage.docker.next();
  const seen = await docker.takes(request.length);
  docker.send(reply);
  const got = await client.takes(reply.length);
  // only a body whose end was found lets the next request through
  await docker.sees(ask("/next"));
  expect(docker.unread).toBe("");
  client.destroy();
  return { seen, got };
}

const post = (fields: string, body: string) => `POST /x HTTP/1.1\r\nHost: d\r\n${fields}\r\n${body}`;

test.each([
  ["sized", post("Content-Length: 5\r\n", "12345"), answer(200, "abc")],
  [
    "chunked",
    post("Transfer-Encoding: chunked\r\n", "5\r\n12345\r\nA\r\n1234567890\r\n0\r\n\r\n"),
    answer(200, ""),
  ],
  [
    "with trailers",
    post("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n", "1\r\na\r\n0\r\nX-Sum: 1\r\n\r\n"),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-End: yes\r\n\r\n",
  ],
  [
    "empty",
    post("Content-Length: 0\r\n", ""),
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["204", ask("/x", "DELETE"), "HTTP/1.1 204 No Content\r\n\r\n"],
  ["304", ask("/x"), "HTTP/1.1 304 Not Modified\r\nContent-Length: 100\r\n\r\n"],
  ["HEAD", ask("/_ping", "HEAD"), "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"],
  ["HEAD, chunked", ask("/_ping", "HEAD"), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"],
])("the end of a body is found: %s", async (_name, request, reply) => {
  expect(await exchange(request, reply)).toEqual({ seen: request, got: reply });
});

test("the end of a body is found byte by byte", async () => {
  const client = await stage.connect();
  const request = post("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nX-Sum: 1\r\n\r\n");
  const reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX: 1\r\n\r\n";
  for (const byte of request) await client.sent(byte);
  const docker = await stage.docker.next();
  expect(await docker.takes(request.length)).toBe(request);
  for (const byte of reply) await docker.sent(byte);
  expect(await client.takes(reply.length)).toBe(reply);
});

test("an answer without framing ends when dockerd closes", async () => {
  const { client, docker } = await stage.asked(ask("/events"));
  docker.send("HTTP/1.1 200 OK\r\n\r\none");
  await client.sees("one");
  docker.send("two").end();
  expect(await client.rest()).toBe("two");
  const isEnd = ({ event, target }: AuditEvent) => event === "end" && target === "/events";
  expect(await stage.record(isEnd)).not.toHaveProperty("error");
});
