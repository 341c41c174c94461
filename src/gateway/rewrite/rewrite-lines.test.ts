import { expect, test } from "vitest";
import { dechunk, readResponseHead } from "../../http/index.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { rewriteJson } from "./rewrite-json.ts";
import { LineRewriter } from "./rewrite-lines.ts";

const HEAD = "HTTP/1.1 200 OK\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n";
const SIZED = (length: number) => `HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`;
const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;

/** @returns what is passed on for each piece, without the head; stops at a problem */
function pass(pieces: readonly string[], maxBytes = 1000): string[] {
  const head = readResponseHead(Buffer.from(pieces[0] ?? ""), 0);
  const show = (value: unknown) => ({ seen: value });
  const gatherer = new Gatherer(maxBytes, { gathers: () => {} });
  const rewriter = new LineRewriter(head, (line) => rewriteJson(line, show), gatherer);
  return pieces.map((piece, index) => {
    const bytes = rewriter.take(Buffer.from(piece), index === pieces.length - 1);
    if (typeof bytes === "string") return bytes;
    return index === 0 ? bytes.toString().replace(/^.*?\r\n\r\n/s, "") : bytes.toString();
  });
}

test("each line passes as soon as it is complete", () => {
  const pieces = [HEAD, chunk('{"a":1}\n'), chunk('{"a"'), chunk(':2}\n{"a":3}\n'), "0\r\n\r\n"];
  expect(pass(pieces)).toEqual([
    "",
    chunk('{"seen":{"a":1}}\n'),
    "",
    chunk('{"seen":{"a":2}}\n{"seen":{"a":3}}\n'),
    "0\r\n\r\n",
  ]);
});

test("however the bytes are split, the same lines pass", () => {
  const whole = `${HEAD}${chunk('{"a":1}\n{"b":"ä\\n"}')}${chunk("\n\n7\r\n")}0\r\nX-Sum: 1\r\n\r\n`;
  for (let at = HEAD.length; at < whole.length; at++) {
    const passed = pass([HEAD, whole.slice(HEAD.length, at), whole.slice(at)]).join("");
    expect(dechunk(Buffer.from(passed)).toString()).toBe(
      '{"seen":{"a":1}}\n{"seen":{"b":"ä\\n"}}\n{"seen":7}\n',
    );
  }
});

test("an answer with a length and without a newline, such as one value of stats", () => {
  expect(pass([`${SIZED(7)}{"a":1}`])).toEqual([`${chunk('{"seen":{"a":1}}\n')}0\r\n\r\n`]);
});

test("keeps the separators of application/json-seq", () => {
  expect(pass([HEAD, chunk('\x1e{"a":1}\n'), "0\r\n\r\n"])[1]).toBe(chunk('\x1e{"seen":{"a":1}}\n'));
});

test("a line that is not shown at all is left out, and an answer may have none", () => {
  const show = (value: unknown) => (value === 2 ? value : undefined);
  const rewriter = new LineRewriter(
    readResponseHead(Buffer.from(HEAD), 0),
    (line) => rewriteJson(line, show, ""),
    new Gatherer(100, { gathers: () => {} }),
  );
  rewriter.take(Buffer.from(HEAD), false);
  expect(rewriter.take(Buffer.from(chunk("1\n")), false)).toEqual(Buffer.alloc(0));
  expect(rewriter.take(Buffer.from(chunk("2\n3\n")), false).toString()).toBe(chunk("2\n"));
  expect(rewriter.take(Buffer.from("0\r\n\r\n"), true).toString()).toBe("0\r\n\r\n");
});

test.each(["secret", '{"a":1}{"b":2}', "[1"])("%j is not a line of JSON and does not pass", (line) => {
  expect(pass([HEAD, chunk(`${line}\n`), "0\r\n\r\n"])[1]).toMatch(/^the answer is not lines of JSON/);
});

test("a line that exceeds the limit is refused", () => {
  expect(pass([HEAD, chunk('"aaaaaaaa'), chunk("aaaaaaaa"), "0\r\n\r\n"], 12)[2]).toMatch(/^the answer/);
});
