/** An answer of the gateway is used only if it has the expected form. */
import { expect, test } from "vitest";
import { json } from "../../base/index.ts";
import { readDone, readSessions, readStatus, readVerification } from "./answers.ts";

const STATUS = { version: "1", problems: [], connections: 1, handshakes: 0, draining: false, audit: "ok" };
const SESSION = {
  id: "c1",
  client: null,
  address: "x",
  since: 1,
  requests: 1,
  operation: null,
  target: null,
};
const PART = { part: "actions", files: 1, newest: "a", records: 1, seal: "", begins: null, rotated: 0 };
const PROBLEM = { file: "a", line: null, what: "b" };
const VERIFIED = {
  ok: true,
  complete: true,
  files: 1,
  records: 2,
  seal: "ab",
  parts: [PART],
  problems: [PROBLEM],
};

const problemsOf = (value: unknown, reader: json.Read<unknown>): readonly string[] => {
  const read = json.read(JSON.stringify(value), reader);
  return "problems" in read ? read.problems : [];
};

test.each<[string, json.Read<unknown>, Record<string, unknown>]>([
  ["status", readStatus, STATUS],
  ["sessions", readSessions, { sessions: [SESSION] }],
  ["verification", readVerification, VERIFIED],
])("%s: every field is required, unknown ones are ignored", (_what, reader, value) => {
  expect(problemsOf({ ...value, later: 1 }, reader)).toEqual([]);
  for (const name of Object.keys(value)) {
    const { [name]: _, ...others } = value;
    expect(problemsOf(others, reader).join(), name).toContain(name);
    expect(problemsOf({ ...value, [name]: { odd: 1 } }, reader).join(), name).toContain(name);
  }
});

test.each([
  ["a session", readSessions, { sessions: [{ ...SESSION, since: "now" }] }],
  ["a session", readSessions, { sessions: [{ ...SESSION, id: 1 }] }],
  ["a part", readVerification, { ...VERIFIED, parts: [{ ...PART, seal: "zz" }] }],
  ["a part", readVerification, { ...VERIFIED, parts: [{ ...PART, records: "1" }] }],
  ["a problem", readVerification, { ...VERIFIED, problems: [{ ...PROBLEM, what: 7 }] }],
  ["a seal", readVerification, { ...VERIFIED, seal: "x ab" }],
  ["a seal", readVerification, { ...VERIFIED, seal: "ab x" }],
  ["a seal", readVerification, { ...VERIFIED, seal: "a".repeat(129) }],
] as const)("%s in an invalid form is refused", (_what, reader, value) => {
  expect(problemsOf(value, reader)).not.toEqual([]);
});

test("if only the status matters, any object is accepted", () => {
  expect(problemsOf({ anything: 1 }, readDone)).toEqual([]);
  expect(problemsOf([], readDone)).not.toEqual([]);
});

test("a session's target may have 64 KiB", () => {
  const problems = (length: number) =>
    problemsOf({ sessions: [{ ...SESSION, target: "/".repeat(length) }] }, readSessions);
  expect(problems(64 * 1024)).toEqual([]);
  expect(problems(64 * 1024 + 1)).toEqual([expect.stringContaining("target")]);
});
