import { expect, test } from "vitest";
import type { Client } from "./client.ts";
import { ClientList } from "./client-list.ts";

const NOW = Date.parse("2026-06-01T00:00:00Z");
const client = (name: string, more: Partial<Client> = {}): Client => ({
  name,
  fingerprint: name.repeat(64).slice(0, 64),
  role: "viewer",
  state: "active",
  expires: null,
  ...more,
});
const book = new ClientList([
  client("a"),
  client("b", { state: "revoked", expires: "2020-01-01T00:00:00Z" }),
  client("c", { expires: "2026-06-01T00:00:00Z" }),
  client("d", { expires: "2026-06-01T00:00:00.001Z" }),
  client("local", { fingerprint: null }),
]);
const key = (letter: string) => letter.repeat(64);

test("an active client is admitted until its access ends", () => {
  expect(book.admitKey(key("a"), NOW)).toMatchObject({ admitted: true, until: Number.POSITIVE_INFINITY });
  expect(book.admitKey(key("d"), NOW)).toMatchObject({ admitted: true, until: NOW + 1 });
});

test.each([
  ["b", "revoked-client"],
  ["c", "expired-client"],
  ["e", "unknown-client"],
])("key %s: %s", (letter, rule) => {
  expect(book.admitKey(key(letter), NOW)).toMatchObject({ admitted: false, rule });
});

test("a connection without a key is no client, even if a client has no key", () => {
  expect(book.admitKey("", NOW)).toMatchObject({ admitted: false, client: null });
  expect(book.admitName("local", NOW)).toMatchObject({ admitted: true });
  expect(book.admitName("nobody", NOW)).toMatchObject({ admitted: false, rule: "unknown-client" });
});
