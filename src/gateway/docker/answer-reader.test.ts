import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cpuMs } from "../../../test/support/cpu-ms.ts";
import { AnswerReader, type AnswerState } from "./answer-reader.ts";

/** @returns everything that was passed, and the last state */
function read(pieces: readonly string[], terms: { method?: string; mayHijack?: boolean } = {}) {
  const reader = new AnswerReader({ method: "GET", mayHijack: false, headBytes: 200, ...terms });
  let passed = "";
  let state: AnswerState = "more";
  for (const piece of pieces) {
    state = reader.take(Buffer.from(piece, "latin1"));
    if (state === "bad") break;
    passed += reader.passed.toString("latin1");
    if (state !== "more") break;
  }
  return { passed, state, reader };
}

const ok = (fields: string, body = "") => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;
const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

describe("AnswerReader", () => {
  test.each([
    ["sized", ok("Content-Length: 3\r\n", "abc"), {}],
    ["chunked with a trailer", ok("Transfer-Encoding: chunked\r\n", "3\r\nabc\r\n0\r\nX: y\r\n\r\n"), {}],
    ["empty", ok("Content-Length: 0\r\n"), {}],
    ["to HEAD", ok("Content-Length: 3\r\n"), { method: "HEAD" }],
    ["304", "HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n", {}],
    ["after two informational ones", `${CONTINUE}${CONTINUE}${ok("Content-Length: 1\r\n", "a")}`, {}],
  ])("passes a complete answer however it is split: %s", (_what, text, terms) => {
    fc.assert(
      fc.property(fc.array(fc.nat(text.length), { maxLength: 6 }), (positions) => {
        const edges = [0, ...positions.toSorted((one, two) => one - two), text.length];
        const pieces = edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
        const { passed, state } = read(
          pieces.filter((piece) => piece !== ""),
          terms,
        );
        expect({ passed, state }).toEqual({ passed: text, state: "done" });
      }),
    );
  });

  test("a head that arrives byte by byte takes time in proportion to its length", () => {
    const text = ok(`X: ${"x".repeat(60_000)}\r\nContent-Length: 1\r\n`, "a");
    const start = cpuMs();
    const reader = new AnswerReader({ method: "GET", mayHijack: false, headBytes: 100_000 });
    const bytes = Buffer.from(text);
    let state: AnswerState = "more";
    for (let at = 0; at < bytes.length; at++) state = reader.take(bytes.subarray(at, at + 1));
    expect(state).toBe("done");
    expect(cpuMs() - start).toBeLessThan(500); // 2,500 ms and more if every byte makes it read all again
  });

  test("bytes after the end are bad: they would answer the next request", () => {
    expect(read([ok("Content-Length: 1\r\n", "ab")]).state).toBe("bad");
    expect(read([ok("Content-Length: 3\r\n", "a")], { method: "HEAD" }).state).toBe("bad");
  });

  test.each([
    ["another version", "HTTP/1.0 200 OK\r\n\r\n"],
    ["two lengths", ok("Content-Length: 1\r\nContent-Length: 1\r\n", "a")],
    ["length and chunks", ok("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")],
    ["a head without end", ok(`X: ${"x".repeat(300)}`)],
    ["101 that nobody asked for", "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"],
  ])("is bad: %s", (_what, text) => {
    expect(read([text]).state).toBe("bad");
    expect(read([...text]).state).toBe("bad");
  });

  test("becomes raw with 101, or 200 without framing, if the operation hijacks", () => {
    const hijack = { mayHijack: true };
    const upgraded = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
    for (const head of [upgraded, ok("")]) {
      const { state, passed, reader } = read([`${head}out`], hijack);
      expect([state, passed, reader.rest.toString()]).toEqual(["raw", head, "out"]);
    }
    expect(read([ok("Content-Length: 1\r\n", "a")], hijack).state).toBe("done");
    expect(read(["HTTP/1.1 404 Not Found\r\n\r\nx"], hijack).state).toBe("more");
    expect(read([ok("", "until the end")]).state).toBe("more");
  });

  test("an answer without framing has no end", () => {
    expect(read([ok("", "x")]).reader.endless).toBe(true);
    expect(read([ok("Content-Length: 9\r\n", "x")]).reader.endless).toBe(false);
  });
});
