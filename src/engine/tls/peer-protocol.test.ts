import { expect, test } from "vitest";
import { printable, quoteBytes, recogniseProtocol } from "./peer-protocol.ts";

test.each([
  ["HTTP/1.1 400", "http"],
  ["SSH-2.0-x", "ssh"],
  ["\x15\x03\x01\x00\x02", "tls"],
  ["\x16\x03\x03\x00\x40", "tls"],
  ["\x16\x04", "unknown"],
  ["HTTP", "unknown"],
  ["", "unknown"],
  ["\x00\x00", "unknown"],
])("recogniseProtocol(%j) is %s", (text, protocol) => {
  expect(recogniseProtocol(Buffer.from(text, "latin1"))).toBe(protocol);
});

test("old Go clients report HTTP/ as a record of length 20527", () => {
  const bytes = Buffer.from("HTTP/");
  expect(bytes.readUInt16BE(3)).toBe(20_527);
  expect(recogniseProtocol(bytes)).toBe("http");
});

test("a peer's bytes never reach the terminal unescaped", () => {
  expect(quoteBytes(Buffer.from('\x1b[2Ja"\\\n\x9b'))).toBe('\\x1b[2Ja"\\x5c\\x0a\\xc2\\x9b');
  expect(quoteBytes(Buffer.alloc(99, "a"))).toHaveLength(32);
  expect(printable("a\x1b[2J\u009bé", 6)).toBe("a?[2J?");
});
