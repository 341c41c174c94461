/**
 * What real clients send in their daily life (`clients/`, recorded by tools/record-heads): the gateway refuses none of
 * it, knows what each request calls, and Node reads the same requests.
 */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findOperation } from "../../src/engine/index.ts";
import { readRequestHead } from "../../src/http/index.ts";
import { headsOf, type Recording } from "../../tools/record-heads/recording.ts";
import { inMemoryNodeParser } from "./node-parser.ts";
import { upstreamRequests } from "./reference-parser.ts";
import { readSequence } from "./sequence.ts";

const FOLDER = new URL("clients/", import.meta.url);
const recordings = readdirSync(FOLDER)
  .sort()
  .map((name): Recording => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
const all = recordings.flatMap((recording) => headsOf(recording));

/** The head as it came, with the shortest body that it says. */
function bytesOf(head: string): Buffer {
  const body = /^transfer-encoding: *chunked/im.test(head)
    ? "2\r\n{}\r\n0\r\n\r\n"
    : /^content-length: *2\r$/im.test(head)
      ? "{}"
      : "";
  return Buffer.from(`${head}\r\n${body}`, "latin1");
}

describe.for(recordings)("$client", (recording) => {
  const heads = headsOf(recording);

  test("nothing is refused, and every request calls a known operation", () => {
    const refused = heads.flatMap((head) => {
      const { problem, method, target, length } = readRequestHead(bytesOf(head), 0);
      if (problem === null && length === head.length + 2 && findOperation(method, target) !== null) return [];
      return [`${problem?.code ?? "unknown operation"}: ${head}`];
    });
    expect(refused).toEqual([]);
    expect(heads.length).toBeGreaterThan(10);
  });

  test("bodies end where Node's parser ends them", async () => {
    await using node = inMemoryNodeParser();
    for (const head of heads) {
      const bytes = bytesOf(head);
      const ours = readSequence(bytes);
      expect(ours.requests.length, head).toBe(1);
      expect((await node.ask(ours, bytes)).requests, head).toEqual(upstreamRequests(ours, bytes));
    }
  });
});

test("docs/clients.md has these numbers", () => {
  const page = readFileSync(new URL("../../docs/clients.md", import.meta.url), "utf8");
  const [, heads, clients] =
    /\*\*(\d+) different heads of (\d+) clients,\s+none\s+refused\*\*/.exec(page) ?? [];
  expect([Number(heads), Number(clients)]).toEqual([all.length, recordings.length]);
  for (const { client } of recordings)
    expect(page).toContain(/of Debian \d+|\d+(?:\.\d+)+/.exec(client)?.[0] ?? client);
});

test("no secrets and no addresses are recorded", () => {
  for (const head of all) {
    expect(head).not.toMatch(/\b10\.\d+\.\d+\.\d+\b|authorization: (?!Basic e30=)|registry-\w+: (?!e30=)/i);
  }
});
