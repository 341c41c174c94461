import { expect, test } from "vitest";
import { compileRole } from "../../policy/index.ts";
import { type Authorization, hasExpired, isAuthorized } from "./authorization.ts";

const FOREVER = Number.POSITIVE_INFINITY;
const client = { name: "a", fingerprint: null, role: "admin", state: "active", expires: null } as const;
const good: Authorization = {
  peer: { address: "", fingerprint: null, clientName: "a", notAfter: FOREVER },
  admission: { admitted: true, client, until: FOREVER },
  role: compileRole({ name: "admin", options: {} }),
  blocked: null,
};

test("a client is authorized if it is admitted, has a role and is not blocked", () => {
  expect(isAuthorized(good)).toBe(true);
  expect(isAuthorized({ ...good, role: null })).toBe(false);
  expect(isAuthorized({ ...good, blocked: "too-many-connections" })).toBe(false);
  const refused = { admitted: false, client: null, rule: "unknown-client" } as const;
  expect(isAuthorized({ ...good, admission: refused })).toBe(false);
});

test("an access ends with the client's entry or with its certificate, whichever is first", () => {
  const until = (entry: number, certificate: number): Authorization => ({
    ...good,
    peer: { ...good.peer, notAfter: certificate },
    admission: { admitted: true, client, until: entry },
  });
  expect(hasExpired(until(FOREVER, FOREVER), 1)).toBe(false);
  expect(hasExpired(until(10, FOREVER), 9)).toBe(false);
  expect(hasExpired(until(10, FOREVER), 10)).toBe(true);
  expect(hasExpired(until(FOREVER, 10), 10)).toBe(true);
});
