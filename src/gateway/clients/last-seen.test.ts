import { expect, test } from "vitest";
import type { Client } from "../../identity/index.ts";
import { LastSeen, type Seen } from "./last-seen.ts";

const client = (name: string, fingerprint: string | null = name.padEnd(64, "0")): Client => ({
  ...{ name, fingerprint, role: "viewer", state: "active", expires: null },
});
const [ANNA, BEN, LOCAL] = [client("a"), client("b"), client("local", null)];
const at = (address: string, time: number, certificateEnds: number | null = null): Seen => ({
  ...{ address, time, certificateEnds },
});

test("what one process wrote, the next one knows; what it saw itself is newer", () => {
  const before = new LastSeen();
  before.note(ANNA, at("192.0.2.7:1", 1_000));
  before.note(LOCAL, at("/run/t.sock", 2_000));
  before.note(BEN, at("192.0.2.9:3", 2_500, 9_000));
  const after = new LastSeen();
  after.note(ANNA, at("192.0.2.8:2", 3_000));
  expect(after.restore(before.text([ANNA, BEN, LOCAL]))).toEqual([]);
  expect([ANNA, BEN, LOCAL].map((one) => after.of(one))).toEqual([
    at("192.0.2.8:2", 3_000),
    at("192.0.2.9:3", 2_500, 9_000),
    at("/run/t.sock", 2_000),
  ]);
});

test("who is no longer on the list is forgotten, and so is another key of the same name", () => {
  const seen = new LastSeen();
  for (const one of [ANNA, BEN]) seen.note(one, at("192.0.2.7:1", 1_000));
  const other = client("a", "9".repeat(64));
  expect(JSON.parse(seen.text([other, BEN]))).toMatchObject({ clients: [{ key: BEN.fingerprint }] });
  expect([seen.of(ANNA), seen.of(other)]).toEqual([null, null]);
});

test("there is something to write after a note, and after a write that failed", () => {
  const seen = new LastSeen();
  expect(seen.changed).toBe(false);
  seen.note(ANNA, at("192.0.2.7:1", 1_000));
  expect(seen.changed).toBe(true);
  seen.text([ANNA]);
  expect(seen.changed).toBe(false);
  seen.unwritten();
  expect(seen.changed).toBe(true);
});

test("what an older gateway wrote, without the certificates, is read", () => {
  const seen = new LastSeen();
  const entry = { key: ANNA.fingerprint, at: new Date(1_000).toISOString(), address: "192.0.2.7:1" };
  expect(seen.restore(JSON.stringify({ version: 1, clients: [entry] }))).toEqual([]);
  expect(seen.of(ANNA)).toEqual(at("192.0.2.7:1", 1_000));
});

test.each([
  ["no JSON", "{"],
  ["a newer version", '{"version":2,"clients":[]}'],
  ["a time that is none", '{"version":1,"clients":[{"key":"a","at":"soon","address":""}]}'],
])("%s is reported, and nothing is taken", (_what, text) => {
  const seen = new LastSeen();
  expect(seen.restore(text)).toHaveLength(1);
  expect(seen.changed).toBe(false);
});
