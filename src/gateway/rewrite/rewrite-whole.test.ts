import fc from "fast-check";
import { expect, test } from "vitest";
import { readResponseHead } from "../../http/index.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { rewriteJson } from "./rewrite-json.ts";
import { WholeRewriter } from "./rewrite-whole.ts";

function rewritten(text: string, change: (value: unknown) => unknown = (value) => value): string | null {
  const bytes = Buffer.from(text);
  const gatherer = new Gatherer(1_000, { gathers: () => {} });
  const rewriter = new WholeRewriter(
    readResponseHead(bytes, 0),
    (json) => rewriteJson(json, change),
    gatherer,
  );
  const whole = rewriter.take(bytes, true);
  return typeof whole === "string" ? null : whole.toString();
}

const answer = (fields: string, body: string) => `HTTP/1.1 200 OK\r\n${fields}\r\n${body}`;

test("the length is that of the new body, and other fields are unchanged", () => {
  const text = rewritten(answer("Api-Version: 1.41\r\nContent-Length: 7\r\nX:  y\r\n", '{"a":1}'), () => ({
    ä: 2,
  }));
  expect(text).toBe(answer("Api-Version: 1.41\r\nX:  y\r\nContent-Length: 9\r\n", '{"ä":2}\n'));
});

test("chunks are joined, and Transfer-Encoding and Trailer are removed", () => {
  const chunked = answer(
    "Transfer-Encoding: chunked\r\nTrailer: X\r\n",
    '4\r\n{"a"\r\n3\r\n:1}\r\n0\r\nX: 1\r\n\r\n',
  );
  expect(rewritten(chunked)).toBe(answer("Content-Length: 8\r\n", '{"a":1}\n'));
});

test.each(["9223372036854775807", "1.50", "-0", "1e3", "0.1", "7"])(
  "the number %s is not changed",
  (number) => {
    const body = `{"n":${number},"l":[${number}]}`;
    expect(rewritten(answer(`Content-Length: ${body.length}\r\n`, body))).toContain(body);
  },
);

test("__proto__ is an ordinary key", () => {
  const body = '{"__proto__":{"a":1}}';
  expect(rewritten(answer(`Content-Length: ${body.length}\r\n`, body))).toContain(body);
});

test.each(["", "no JSON", '{"a":1}{"b":2}', "\u001f\u008b"])("%j cannot be rewritten", (body) => {
  expect(rewritten(answer(`Content-Length: ${Buffer.byteLength(body)}\r\n`, body))).toBeNull();
});

test("an answer nested too deeply for the stack is not passed on and does not end the process", () => {
  const walk = (value: unknown): unknown => (Array.isArray(value) ? value.map(walk) : value);
  expect(rewriteJson(`${"[".repeat(100_000)}${"]".repeat(100_000)}`, walk)).toBeNull();
});

test("every number that JavaScript would write differently is recognised", () => {
  const digits = fc.stringMatching(/^-?(?:0|[1-9]\d{0,20})(?:\.\d{1,4})?(?:[eE][+-]?\d{1,2})?$/);
  const space = fc.constantFrom("", " ", "\n", "\t ");
  fc.assert(
    fc.property(digits, space, space, (number, before, behind) => {
      for (const text of [
        `${before}${number}`,
        `[1,${before}${number}${behind}]`,
        `{"a"${before}:${behind}${number}}`,
      ])
        expect(rewriteJson(text, (value) => value)?.replaceAll(/\s/g, "")).toBe(text.replaceAll(/\s/g, ""));
    }),
  );
});
