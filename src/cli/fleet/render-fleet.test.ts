/** What a table of a fleet's hosts says of each. */
import { expect, test } from "vitest";
import type { HostFleet } from "../../app/fleet/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { remarks, storeJson } from "./render-fleet.ts";

const NOW = Date.parse("2026-11-28T12:00:00Z");

const after = (ms: number, roles: HostFleet["roles"] = null) => ({
  host: "web",
  fleet: {
    ...{ name: "acme", version: 3, list: null, rootVersion: 1, until: new Date(NOW + ms).toISOString() },
    ...{ clients: 2, revoked: 0, hidden: [], withoutRole: [], roles, link: null },
  },
  receipt: null,
});

test("a list that has ended is told, since roles may go on", () => {
  expect(remarks(after(0), NOW, {})).toBe("its list has ended");
  expect(remarks(after(1), NOW, {})).toBe("");
});

test("roles that are not in force on a host are told, with what is wrong", () => {
  const roles = {
    hidden: ["web-team"],
    unusable: [{ name: "ops-team", why: "later is not known\u001b[2J" }],
  };
  expect(remarks(after(1, roles), NOW, {})).toMatch(
    /^a role of its own hides web-team; it cannot use the role ops-team: "later is not known\\x1b\[2J"$/,
  );
});

test("a revocation tells how many connections were closed, also none; other changes do not", () => {
  const receipt = { cut: [], open: 0, tookMs: 3 };
  expect(remarks({ ...after(1), receipt }, NOW, { isRevocation: true })).toBe("closed 0 connections in 3 ms");
  expect(remarks({ ...after(1), receipt }, NOW, {})).toBe("");
});

test("why a store cannot be used is an error as everywhere else in --json", () => {
  const store = { address: { urls: ["https://web.example/acme"], ca: null }, settings: "secret" };
  const error = new TetherdockError("FLEET_STORE_FAILED", "the store is away");
  expect(storeJson(store, null, error)).toEqual({
    ...{ urls: ["https://web.example/acme"], published: null },
    error: expect.objectContaining({ code: "FLEET_STORE_FAILED", message: "the store is away" }),
  });
  expect(storeJson(store, undefined, null)).toEqual({ urls: ["https://web.example/acme"], error: null });
});
