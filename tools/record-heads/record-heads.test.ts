import { describe, expect, test } from "vitest";
import { normalise } from "./normalise.ts";
import { headsOf, recordingOf } from "./recording.ts";
import { HeadFinder } from "./relay.ts";

const GET = "GET /_ping HTTP/1.1\r\nHost: a\r\n";
const POST = "POST /containers/create HTTP/1.1\r\nHost:\r\nContent-Length: 5\r\n";
const ATTACH = "POST /v1.41/containers/a/attach?stream=1 HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n";
const CHUNKED = "POST /build HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n";

/** The heads that are found when the bytes arrive in pieces of this size. */
function found(text: string, size: number): string[] {
  const heads: string[] = [];
  const finder = new HeadFinder((head) => heads.push(head));
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += size) finder.take(bytes.subarray(at, at + size));
  return heads;
}

describe("HeadFinder", () => {
  test.each([
    ["one after another", `${GET}\r\n${GET}\r\n`, [GET, GET]],
    ["behind bodies", `${POST}\r\nhello${CHUNKED}\r\n2\r\n{}\r\n0\r\n\r\n${GET}\r\n`, [POST, CHUNKED, GET]],
    ["none in a hijacked connection", `${ATTACH}\r\n${GET}\r\n`, [ATTACH]],
    [
      "a body that the gateway refuses is told",
      `${CHUNKED}\r\n1;x\r\n`,
      [CHUNKED, `refused chunk-size in body: ${CHUNKED}`],
    ],
  ])("%s", (_, text, heads) => {
    for (const size of [1, 7, 1000]) expect(found(text, size)).toEqual(heads);
  });
});

test("normalise() removes what differs between runs, and keeps the form", () => {
  const id = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
  const head = [
    `GET /v1.51/containers/${id}/logs?since=1764166999.000000001&tail=5 HTTP/1.1`,
    "Host: 10.0.0.7:2376",
    "X-Registry-Auth: c2VjcmV0",
    "Content-Length: 4711",
    "",
  ].join("\r\n");
  const plain = normalise(head);
  expect(plain).not.toMatch(/9f86|10\.0\.0|c2Vj|4711|6999/);
  expect(plain.split("\r\n").map((line) => line.length)).toEqual([
    head.indexOf("\r\n"),
    "Host: 192.0.2.7:2376".length,
    "X-Registry-Auth: e30=".length,
    "Content-Length: 2".length,
    0,
  ]);
  expect(normalise("POST /grpc HTTP/1.1\r\nHost: \r\n")).toBe("POST /grpc HTTP/1.1\r\nHost: \r\n");
  expect(normalise(plain)).toBe(plain);
});

test("a recording gives back its heads", () => {
  const heads = [ATTACH, GET, POST, GET.replace("_ping", "info")];
  const recording = recordingOf("a client", heads);
  expect(recording.recorded).toHaveLength(3);
  expect(headsOf(recording).sort()).toEqual(heads.toSorted());
});
