import { expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { applyChange, setClientExpires } from "./change.ts";
import type { Client } from "./client.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const iso = (days: number) => new Date(NOW + days * DAY_MS).toISOString();
const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "viewer", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a", { role: "admin" }), client("b", { expires: iso(-1) })];

test("an end that has passed is moved, and nothing else changes", () => {
  for (const expires of [iso(30), null])
    expect(applyChange(setClientExpires("b", expires), [a, b], NOW)).toEqual({
      ...{ clients: [a, { ...b, expires }], done: "changed" },
    });
  expect(setClientExpires("c", null)([a, b])).toMatchObject({ refused: "unknown-client" });
});

test("an end after which no active admin is left is refused", () => {
  const change = setClientExpires("a", iso(30));
  expect(applyChange(change, [a, b], NOW)).toMatchObject({ refused: "last-admin" });
  const other = (days: number) => client("c", { role: "admin", expires: iso(days) });
  expect(applyChange(change, [a, other(29)], NOW)).toMatchObject({ refused: "last-admin" });
  expect(applyChange(change, [a, other(31)], NOW)).toMatchObject({ done: "changed" });
  const last = client("a", { role: "admin", expires: iso(1) });
  expect(applyChange(setClientExpires("a", iso(2)), [last], NOW)).toMatchObject({ done: "changed" });
});
