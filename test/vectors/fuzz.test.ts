/**
 * The parser under octets that nobody thought of. Short here; long with `TETHERDOCK_FUZZ_SECONDS=900`, and again with
 * the seed that it prints by `TETHERDOCK_FUZZ_SEED`.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INCOMPLETE, readResponseHead } from "../../src/http/index.ts";
import { cuts, hostile, hostileAnswer, type Plain, plain } from "./hostile.ts";
import { startNginxParser } from "./nginx-parser.ts";
import { inMemoryNodeParser } from "./node-parser.ts";
import { type ReferenceParser, upstreamRequests } from "./reference-parser.ts";
import { readLawfully } from "./rfc-parser.ts";
import { readSequence } from "./sequence.ts";

const seconds = Number(process.env["TETHERDOCK_FUZZ_SECONDS"] ?? 0);
const seed = Number(process.env["TETHERDOCK_FUZZ_SEED"] ?? Math.floor(Math.random() * 0x7fffffff));
const timeout = 60_000 + seconds * 1000;
const told: Record<string, number> = {};

/** How often, or how long: a property's share of the time for a long run. */
function runs(short: number, share: number): fc.Parameters<unknown> {
  if (seconds === 0) return { seed, numRuns: short };
  const interruptAfterTimeLimit = seconds * 1000 * share;
  return { seed, numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit };
}
const count = (what: string) => {
  told[what] = (told[what] ?? 0) + 1;
};
const place = (end: string) => end.replace(/ in .*/, "");

afterAll(() => console.log(`fuzz: seed ${seed}, ${JSON.stringify(told)}`));

test("accepted input is legal, and an RFC parser reads the same requests", { timeout }, () => {
  const property = fc.property(hostile, (bytes) => {
    const ours = readSequence(bytes);
    const lawful = readLawfully(bytes.toString("latin1"));
    count(
      `lawful: ${ours.requests.length > 0 ? "with requests" : "without"}, ${place(ours.end)}`.replace(
        /refused .*/,
        "refused",
      ),
    );
    expect(lawful.requests.slice(0, ours.requests.length)).toEqual(ours.requests);
    if (ours.end.startsWith("refused")) return;
    expect(lawful.requests.length).toBe(ours.requests.length);
    // within a message that is not whole yet, the slow parser may see sooner that it never will be one
    if (!ours.end.startsWith("waiting")) expect(lawful.end).toBe(ours.end);
    else expect(lawful.end).not.toBe("clean");
  });
  fc.assert(property, runs(3000, 0.3));
});

test("the way the bytes are split makes no difference", { timeout }, () => {
  const property = fc.property(hostile, cuts, (bytes, parts) => {
    const whole = readSequence(bytes);
    count("split");
    const splits = parts.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b);
    for (const at of [splits, Array.from(bytes, (_, index) => index)]) {
      const { requests, end } = readSequence(bytes, at);
      expect({ requests, end }).toEqual({ requests: whole.requests, end: whole.end });
    }
  });
  fc.assert(property, runs(500, 0.25));
});

test("bytes after an answer's head do not change how it is read", { timeout }, () => {
  const property = fc.property(hostileAnswer, (bytes) => {
    const { length, problem, status } = readResponseHead(bytes, 0);
    count(`answer: ${problem?.code ?? (length === INCOMPLETE ? "incomplete" : "read")}`);
    let end = 0;
    while (end < bytes.length && readResponseHead(bytes.subarray(0, end), 0).length === INCOMPLETE) end++;
    const decided = readResponseHead(bytes.subarray(0, end), 0);
    expect(decided).toMatchObject({ length, problem, status });
    if (length >= 0) expect(end).toBe(length);
  });
  fc.assert(property, runs(500, 0.05));
});

function encode({ method, target, body, framing }: Plain): string {
  const size = body.length;
  const sent =
    framing === "length"
      ? `Content-Length: ${size}\r\n\r\n${body}`
      : `Transfer-Encoding: chunked\r\n\r\n${size > 0 ? `${size.toString(16)}\r\n${body}\r\n` : ""}0\r\n\r\n`;
  return `${method} ${target} HTTP/1.1\r\nHost: docker\r\n${sent}`;
}

test("plain requests are accepted, and are the same bytes when rewritten", { timeout }, () => {
  const property = fc.property(fc.array(plain, { maxLength: 5 }), (meant) => {
    const bytes = Buffer.from(meant.map(encode).join(""), "latin1");
    const { requests, end } = readSequence(bytes);
    count("plain");
    expect(end).toBe("clean");
    const again = requests.map((request, index) => {
      const [, method = "", target = "", body = ""] = /^(\S+) (\S+) ?(.*)$/s.exec(request) ?? [];
      return encode({ method, target, body, framing: meant[index]?.framing ?? "length" });
    });
    expect(Buffer.from(again.join(""), "latin1")).toEqual(bytes);
  });
  fc.assert(property, runs(300, 0.05));
});

describe.each([
  ["Node", async () => inMemoryNodeParser(), 400, 0.2],
  ["nginx", startNginxParser, 150, 0.15],
] as const)("%s", (name, start, short, share) => {
  let folder: string;
  let parser: ReferenceParser;
  beforeAll(async () => {
    folder = await mkdtemp(`${tmpdir()}/fuzz-`);
    parser = await start(folder);
  });
  afterAll(async () => {
    await parser[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  test("sees the same requests", { timeout }, async () => {
    const property = fc.asyncProperty(hostile, async (bytes) => {
      const ours = readSequence(bytes);
      if (ours.passed === 0) return;
      const seen = await parser.ask(ours, bytes);
      const expected = upstreamRequests(ours, bytes);
      count(`${name}: ${expected.length} requests`);
      const { length } = seen.requests;
      expect(seen.requests).toEqual(expected.slice(0, length));
      if (length === expected.length) return;
      // nginx follows dots in a path and refuses one that would leave the root, and wants a host in Host
      count(`${name} refuses`);
      expect([name, seen.statuses.at(-1)]).toEqual(["nginx", 400]);
      const isEmpty = /^host: *\r$/im.test(bytes.toString("latin1"));
      if (!isEmpty) expect(expected[length]).toMatch(/\.\.|%2e/i);
    });
    await fc.assert(property, runs(short, share));
  });
});
