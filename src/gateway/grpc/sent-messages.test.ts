import { describe, expect, test } from "vitest";
import { frame } from "../../../test/support/gateway/http2-frame.ts";
import { SentMessages } from "./sent-messages.ts";

const framed = (text: string | Buffer, flag = 0): Buffer => {
  const head = Buffer.alloc(5);
  head[0] = flag;
  head.writeUInt32BE(Buffer.byteLength(text), 1);
  return Buffer.concat([head, Buffer.from(text)]);
};

const data = (id: number, content: Buffer, flags = 0) => frame(0, flags, id, content);
const padded = (id: number, content: Buffer, pad: number) =>
  frame(0, 8, id, Buffer.concat([Buffer.from([pad]), content, Buffer.alloc(pad, 0x2a)]));

const MOST_CALLS = 10_000;

/** Content is what begins with `file`. */
function reading() {
  const got: string[] = [];
  const sizes: number[] = [];
  const fields: string[] = [];
  const contents: number[] = [];
  const answer = {
    held: 0,
    contentOf: (start: Uint8Array) =>
      Buffer.from(start).toString().startsWith("file") ? { id: 7, bytes: start.length } : null,
    failure: () => null,
    refusesContent: ({ id }: { readonly id: number }) => {
      contents.push(id);
      return null;
    },
    refuses: (message: Uint8Array) => {
      got.push(Buffer.from(message).toString());
      return null;
    },
  };
  const ended = new Set<number>();
  const cancelled = new Set<number>();
  const messages = new SentMessages({
    answerTo: (id) =>
      cancelled.has(id) ? null : id > MOST_CALLS || ended.has(id) ? "it was not made" : answer,
    refusesFields: (id) => (id > MOST_CALLS ? "it has no fields" : null),
    field: (name, value) => void fields.push(`${name}: ${value}`),
    ended: (id) => void ended.add(id),
    gathers: (bytes) => void sizes.push(bytes),
  });
  const cancel = (id: number) => {
    cancelled.add(id);
    messages.cancelled(id);
  };
  return { got, sizes, fields, contents, answer, messages, ended, cancel };
}

/** `te` with a value, not compressed. */
const TE = Buffer.from("\0\x02te\x08trailers");

const LONG = "a message that is longer than its start";
const ALL = Buffer.concat([
  frame(4, 0, 0, Buffer.from("settings")),
  frame(1, 4, 1, TE),
  frame(1, 0x28, 5, Buffer.concat([Buffer.from([2, 0, 0, 0, 1, 9]), TE.subarray(0, 2), Buffer.alloc(2)])),
  frame(9, 0, 5, TE.subarray(2, 5)),
  frame(9, 4, 5, TE.subarray(5)),
  data(1, framed("one").subarray(0, 3)),
  data(3, framed(LONG).subarray(0, 20)),
  padded(1, Buffer.concat([framed("one").subarray(3), framed("")]), 7),
  data(1, Buffer.concat([framed(`file ${"x".repeat(100)}`), framed("after the file")])),
  data(3, framed(LONG).subarray(20), 1),
  padded(1, framed("padded"), 0),
]);

test.each([1, 2, 3, 7, 16, 64, 10_000])("messages are read from pieces of %i bytes", (size) => {
  const { got, sizes, fields, contents, messages } = reading();
  for (let at = 0; at < ALL.length; at += size) messages.read(ALL.subarray(at, at + size));
  expect(got).toEqual(["one", "", "after the file", LONG, "padded"]);
  expect(contents).toEqual([7]);
  expect(fields).toEqual(["te: trailers", "te: trailers"]);
  expect(sizes.at(-1)).toBe(0);
});

test("a stream that has ended does not go on, and what it has not finished is forgotten", () => {
  for (const end of [data(1, Buffer.alloc(0), 1), frame(1, 5, 1), frame(3, 0, 1, Buffer.alloc(4))]) {
    const { got, sizes, messages } = reading();
    messages.read(Buffer.concat([data(1, framed("half a message").subarray(0, 10)), end]));
    expect(sizes.at(-1)).toBe(0);
    expect(() => messages.read(data(1, framed("new")))).toThrow("it was not made");
    expect(got).toEqual([]);
  }
});

test("of a call that the engine has cancelled, nothing is kept or judged any more", () => {
  const { got, sizes, answer, messages, ended, cancel } = reading();
  answer.held = 1000;
  messages.read(data(1, Buffer.concat([framed("one"), framed("begun").subarray(0, 8)])));
  expect(sizes.at(-1)).toBe(1003);
  cancel(1);
  expect(sizes.at(-1)).toBe(0);
  messages.read(data(1, framed("begun").subarray(8)));
  messages.read(data(1, framed("two")));
  cancel(3);
  expect(got).toEqual(["one"]);
  expect([...ended], "the client has not ended it").toEqual([]);
});

test("calls that the engine has cancelled are not among those that have not ended", () => {
  const { got, messages, cancel } = reading();
  for (let id = 1; id < 2 * 5000; id += 2) {
    messages.read(data(id, framed("begun").subarray(0, 8)));
    cancel(id);
    messages.read(data(id, framed("begun").subarray(8)));
  }
  messages.read(data(MOST_CALLS, framed("the next")));
  expect(got).toEqual(["the next"]);
});

describe("header fields make little work", () => {
  const [kept, again] = [
    Buffer.concat([Buffer.of(0x40, 0x7f, 0xa1, 0x1e), Buffer.alloc(4000, 0x61), Buffer.of(0)]),
    Buffer.of(0x0f, 47, 0),
  ];
  test("a block has at most 256 of them", () => {
    const { fields, messages } = reading();
    messages.read(frame(1, 4, 1, Buffer.concat([kept, ...Array<Buffer>(255).fill(again)])));
    expect(fields).toHaveLength(256);
    expect(() => messages.read(frame(1, 4, 1, Buffer.concat(Array<Buffer>(4000).fill(again))))).toThrow(
      "too many header fields",
    );
    expect(fields).toHaveLength(512);
  });
  test.each([
    ["known ones", 0x88],
    ["sizes of the table", 0x20],
  ])("%s count too", (_what, byte) => {
    expect(() => reading().messages.read(frame(1, 4, 1, Buffer.alloc(257, byte)))).toThrow(
      "too many header fields",
    );
  });
  test("those of a call that the engine has not made are not read", () => {
    const { fields, messages } = reading();
    expect(() => messages.read(frame(1, 4, MOST_CALLS + 1, TE))).toThrow("it has no fields");
    expect(fields).toEqual([]);
  });
});

describe("what cannot be read or is too much ends the session", () => {
  const large = Buffer.alloc(5);
  large.writeUInt32BE(1024 * 1024 + 1, 1);
  const many = (count: number, one: Buffer) =>
    Buffer.concat([frame(1, 0, 1), ...Array<Buffer>(count).fill(one)]);
  const unfinished = framed(Buffer.alloc(1024 * 1024)).subarray(0, -1);
  test.each([
    ["a compressed message", data(1, framed("x", 1)), "compressed"],
    ["a large message", data(1, large), "too large"],
    ["an answer to no call", data(MOST_CALLS + 1, framed("x")), "was not made"],
    ["more padding than bytes", frame(0, 8, 1, Buffer.from([5, 1])), "more padding"],
    ["no room for the padding's length", frame(0, 8, 1), "no length"],
    ["a call that it promises", frame(5, 4, 1, Buffer.alloc(4)), "promises"],
    ["fields without a beginning", frame(9, 4, 1, TE), "without a beginning"],
    ["data among fields", Buffer.concat([frame(1, 0, 1), data(1, framed("x"))]), "in the middle"],
    ["fields of another stream", Buffer.concat([frame(1, 0, 1), frame(9, 4, 3)]), "in the middle"],
    ["no room for the priority", frame(1, 0x24, 1, Buffer.alloc(4)), "priority"],
    ["fields that do not end", many(20, frame(9, 0, 1, Buffer.alloc(16_384))), "fields are too large"],
    [
      "very many streams",
      Buffer.concat(Array.from({ length: 4097 }, (_, at) => data(at * 2 + 1, Buffer.alloc(1)))),
      "too many streams",
    ],
    [
      "much that does not end",
      Buffer.concat([1, 3, 5, 7, 9].map((id) => data(id, unfinished))),
      "too many messages",
    ],
  ])("%s", (_what, bytes, why) => {
    expect(() => reading().messages.read(bytes)).toThrow(why);
  });
});
