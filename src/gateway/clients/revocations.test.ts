import { expect, test } from "vitest";
import type { Client } from "./clients.ts";
import { revocationsAfter, withRevocations } from "./revocations.ts";

const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a"), client("b")];
const local = client("l", { fingerprint: null });

test("who was shut out stays out, whatever an older list says", () => {
  const revoked = revocationsAfter(new Set(), [a, b], [a, { ...b, state: "revoked" }]);
  expect(withRevocations([a, b], revoked).map(({ state }) => state)).toEqual(["active", "revoked"]);
});

test("so does who left the list, and a key that another has replaced", () => {
  expect(withRevocations([a, b], revocationsAfter(new Set(), [a, b], [a]))[1]?.state).toBe("revoked");
  const replaced = revocationsAfter(new Set(), [a, b], [a, client("b", { fingerprint: "c".repeat(64) })]);
  expect(withRevocations([a, b], replaced)[1]?.state).toBe("revoked");
});

test("a change that lets them in ends it, for them alone", () => {
  const revoked = revocationsAfter(new Set(), [a, b, local], []);
  const restored = revocationsAfter(revoked, withRevocations([a, b, local], revoked), [b]);
  expect(withRevocations([a, b, local], restored).map(({ state }) => state)).toEqual([
    "revoked",
    "active",
    "revoked",
  ]);
});
