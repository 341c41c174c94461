/** Against Node's own encoder: with its table, with Huffman's code, and with what no encoder writes. */
import { once } from "node:events";
import http2 from "node:http2";
import { duplexPair } from "node:stream";
import { describe, expect, test } from "vitest";
import { FieldBlocks } from "./field-blocks.ts";
import { FieldError, FieldReader } from "./hpack.ts";
import { fromHuffman } from "./huffman.ts";

const read = (...blocks: readonly Buffer[]): string[] => {
  const seen: string[] = [];
  const reader = new FieldReader((name, value) => void seen.push(`${name}: ${value}`));
  for (const block of blocks) reader.read(block);
  return seen;
};

/** @returns what is written out of what Node's server answers to requests, one after the other */
async function seenOf(answers: readonly http2.OutgoingHttpHeaders[]): Promise<string[]> {
  const [near, far] = duplexPair();
  const server = http2.performServerHandshake(far);
  const client = http2.connect("http://docker", { createConnection: () => near });
  let count = 0;
  server.on("stream", (stream) => stream.respond(answers[count++], { endStream: true }));
  const pieces: Buffer[] = [];
  near.on("data", (piece: Buffer) => void pieces.push(piece));
  for (const _ of answers) await once(client.request().resume(), "close");
  client.destroy();
  server.destroy();
  const seen: string[] = [];
  const blocks = new FieldBlocks((name, value) => void seen.push(`${name}: ${value}`));
  const bytes = Buffer.concat(pieces);
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUIntBE(at, 3);
    const [type = 0, flags = 0] = bytes.subarray(at + 3, at + 5);
    if (blocks.begin(type, flags, bytes.readUInt32BE(at + 5))) {
      blocks.add(bytes.subarray(at + 9, at + 9 + length));
      blocks.end(flags);
    }
    at += 9 + length;
  }
  return seen;
}

test("what Node writes: texts of all lengths, the same names with other values, a table that overflows", async () => {
  const values = Array.from({ length: 200 }, (_, n) => `${n} ${"aZ09+/=~^".repeat((n * n) % 97)}`.trim());
  const seen = await seenOf(
    values.map((value, n) => ({ "grpc-status-details-bin": value, [`x-${n % 7}`]: "1", date: "today" })),
  );
  const details = seen.filter((line) => line.startsWith("grpc-status-details-bin: "));
  expect(details).toEqual(values.map((value) => `grpc-status-details-bin: ${value}`));
});

test("what Node writes: bytes that are not ASCII, whose codes are the longest", async () => {
  const value = String.fromCharCode(...Array.from({ length: 128 }, (_, at) => 128 + at));
  const seen = await seenOf(Array.from(value, (one) => ({ x: `${"e".repeat(40)}${one}` })));
  expect(seen.filter((line) => line.startsWith("x: "))).toEqual(
    Array.from(value, (one) => `x: ${"e".repeat(40)}${one}`),
  );
});

test("a name from the table is known, until it has left the table", () => {
  const kept = Buffer.from("\x40\x01x\x01a");
  const byIndex = Buffer.from([0x0f, 62 - 15, 1, 0x62]);
  expect(read(kept, byIndex)).toEqual(["x: a", "x: b"]);
  expect(() => read(byIndex)).toThrow("not there");
  expect(() => read(kept, Buffer.from([0x20]), byIndex)).toThrow("not there");
  const large = Buffer.concat([Buffer.from([0x40, 1, 0x79, 0x7f, 0x80, 0x1f]), Buffer.alloc(4095, 0x63)]);
  expect(() => read(kept, large, byIndex)).toThrow("not there");
});

describe("what is not header fields", () => {
  test.each([
    ["an index of nothing", [0x80], "not there"],
    ["an index that is too large", [0xbe], "not there"],
    ["a number that does not end", [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff], "too large"],
    ["a text that is cut off", [0, 5, 0x61], "cut off"],
    ["a field without a value", [0, 1, 0x61], "cut off"],
    ["a table that is too large", [0x3f, 0xe2, 0x1f], "too large"],
    ["padding that is not the end's", [0, 0x81, 0x1e], "not a text"],
    ["a whole byte of padding", [0, 0x81, 0xff], "not a text"],
    ["the code of the end", [0, 0x84, 0xff, 0xff, 0xff, 0xff], "not a text"],
  ])("%s", (_what, bytes, why) => {
    expect(() => read(Buffer.from(bytes))).toThrow(why);
  });
});

describe("frames that end the session", () => {
  const [HEADERS, PUSH_PROMISE, CONTINUATION] = [1, 5, 9];
  const begun = () => {
    const blocks = new FieldBlocks(() => {});
    expect(blocks.begin(HEADERS, 0, 1)).toBe(true);
    return blocks;
  };

  test("fields without an end are read up to 256 KiB", () => {
    const blocks = begun();
    blocks.add(Buffer.alloc(256 * 1024));
    expect(() => blocks.add(Buffer.alloc(1))).toThrow("too large");
  });

  test.each([
    ["data between two frames of fields", 0, 1],
    ["fields of another stream between them", HEADERS, 3],
    ["the rest of another stream's fields", CONTINUATION, 3],
    ["a promised call", PUSH_PROMISE, 1],
  ])("%s", (_what, type, id) => {
    const blocks = begun();
    blocks.end(0);
    expect(() => blocks.begin(type, 0, id)).toThrow(FieldError);
  });

  test("a continuation of nothing", () => {
    expect(() => new FieldBlocks(() => {}).begin(CONTINUATION, 0, 1)).toThrow(FieldError);
  });

  test("a frame that is shorter than its priority", () => {
    const blocks = new FieldBlocks(() => {});
    blocks.begin(HEADERS, 32, 1);
    blocks.add(Buffer.alloc(4));
    expect(() => blocks.end(4)).toThrow("priority");
  });
});

test("the RFC's example in Huffman's code", () => {
  // RFC 7541, C.4.1
  expect(fromHuffman(Buffer.from("f1e3c2e5f23a6ba0ab90f4ff", "hex"))?.toString()).toBe("www.example.com");
});
