import { expect, test } from "vitest";
import { frame } from "../../../test/support/gateway/http2-frame.ts";
import { AskedCalls } from "./asked-calls.ts";
import { FieldError } from "./fields/hpack.ts";

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
const UPLOAD = "/moby.filesync.v1.FileSync/DiffCopy";

/** Kept in the table of fields, as Go does. */
const path = (value: string) => Buffer.concat([Buffer.of(0x44, value.length), Buffer.from(value)]);
const AGAIN = Buffer.of(0x80 + 62);
const SECRET = path("/moby.buildkit.secrets.v1.Secrets/GetSecret");

const ALL = Buffer.concat([
  PREFACE,
  frame(4, 0, 0, Buffer.alloc(6)),
  frame(1, 4, 1, path(UPLOAD)),
  frame(1, 4, 3, AGAIN),
  frame(1, 0, 5, SECRET.subarray(0, 9)),
  frame(9, 4, 5, SECRET.subarray(9)),
  frame(0, 1, 1, Buffer.from("data")),
  frame(1, 5, 7),
]);

function reading(size = 1000, cancelled: number[] = []) {
  const asked = new AskedCalls((id) => void cancelled.push(id));
  for (let at = 0; at < ALL.length; at += size) asked.read(ALL.subarray(at, at + size));
  return asked;
}

const GET_SECRET = "/moby.buildkit.secrets.v1.Secrets/GetSecret";

test.each([1, 2, 7, 1000])("the paths of calls are read in pieces of %i bytes", (size) => {
  const asked = reading(size);
  expect([1, 3, 5, 7, 9].map((id) => asked.pathOf(id))).toEqual([UPLOAD, UPLOAD, GET_SECRET, "", null]);
});

test("what the client has ended has no answer; what the engine cancels may have one on its way", () => {
  const cancelled: number[] = [];
  const asked = reading(1000, cancelled);
  asked.read(frame(3, 0, 1, Buffer.alloc(4)));
  expect(cancelled).toEqual([1]);
  asked.ended(3);
  expect([1, 3, 5].map((id) => asked.pathOf(id))).toEqual([UPLOAD, null, GET_SECRET]);
  asked.ended(1);
  expect(asked.pathOf(1)).toBeNull();
});

test("a call has few blocks of header fields, also when the engine has cancelled it, and others have none", () => {
  const asked = reading();
  asked.read(frame(3, 0, 3, Buffer.alloc(4)));
  for (const id of [1, 3]) {
    expect([1, 2, 3, 4].map(() => asked.refusesFields(id))).toEqual([null, null, null, null]);
    expect(asked.refusesFields(id)).toContain("again and again");
  }
  asked.ended(5);
  for (const id of [0, 2, 5, 9]) expect(asked.refusesFields(id)).toContain("was not made, or has ended");
  expect([1, 3, 5].map((id) => asked.isCancelled(id))).toEqual([false, true, false]);
});

test("of cancelled calls, the oldest are forgotten", () => {
  const asked = reading();
  for (let id = 9; id < 9 + 2 * 5000; id += 2) {
    asked.read(frame(1, 4, id, AGAIN));
    asked.read(frame(3, 0, id, Buffer.alloc(4)));
  }
  expect([9, 9 + 2 * 4999].map((id) => asked.pathOf(id))).toEqual([null, GET_SECRET]);
});

test.each([
  ["padded fields", frame(1, 12, 9, Buffer.of(0))],
  ["a field that is not there", frame(1, 4, 9, Buffer.of(0xff, 0x10))],
  ["very many calls", Buffer.concat(Array.from({ length: 4097 }, (_, at) => frame(1, 4, 9 + 2 * at)))],
])("%s end the session", (_what, bytes) => {
  expect(() => reading().read(bytes)).toThrow(FieldError);
});
