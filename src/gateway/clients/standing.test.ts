import { expect, test } from "vitest";
import { compileRole } from "../../policy/index.ts";
import { hasExpired, isWelcome, type Standing } from "./standing.ts";

const FOREVER = Number.POSITIVE_INFINITY;
const client = { name: "a", fingerprint: null, role: "admin", state: "active", expires: null } as const;
const good: Standing = {
  peer: { address: "", fingerprint: null, clientName: "a", notAfter: FOREVER },
  admission: { admitted: true, client, until: FOREVER },
  role: compileRole({ name: "admin", options: {} }),
  barred: null,
};

test("who is admitted, with a role and not barred, is welcome", () => {
  expect(isWelcome(good)).toBe(true);
  expect(isWelcome({ ...good, role: null })).toBe(false);
  expect(isWelcome({ ...good, barred: "too-many-connections" })).toBe(false);
  const refused = { admitted: false, client: null, rule: "unknown-client" } as const;
  expect(isWelcome({ ...good, admission: refused })).toBe(false);
});

test("an access ends with the client's entry or with its certificate, whichever is first", () => {
  const until = (entry: number, certificate: number): Standing => ({
    ...good,
    peer: { ...good.peer, notAfter: certificate },
    admission: { admitted: true, client, until: entry },
  });
  expect(hasExpired(until(FOREVER, FOREVER), 1)).toBe(false);
  expect(hasExpired(until(10, FOREVER), 9)).toBe(false);
  expect(hasExpired(until(10, FOREVER), 10)).toBe(true);
  expect(hasExpired(until(FOREVER, 10), 10)).toBe(true);
});
