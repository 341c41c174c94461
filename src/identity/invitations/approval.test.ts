/** What becomes of an invitation that has to be approved. */
import { expect, test } from "vitest";
import { DAY_MS } from "../../base/index.ts";
import { type Approved, fetched, WAIT_MS, withCertificate, withRequest } from "./approval.ts";
import type { Invitation } from "./invitation.ts";
import { type KeyRequest, NOT_ASKED } from "./key-request.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const KEY = "1".repeat(64);
const OPEN: Invitation = {
  ...{ name: "bob@desk", role: "viewer", expires: null, hash: "a".repeat(64), usedBy: null, by: null },
  ...{ until: "2026-11-27T12:10:00.000Z", approval: NOT_ASKED },
};
const REQUEST: KeyRequest = {
  ...{ publicKey: "key", proof: "proof", address: "192.0.2.1:1", at: new Date(NOW).toISOString() },
};
const WAITING = withRequest({ ...OPEN, usedBy: KEY }, REQUEST);
const APPROVED: Approved = { fingerprint: KEY, role: "viewer", expires: null, certificate: "first" };

test("a request is kept for seven days, and a later one of the key changes nothing", () => {
  expect(WAITING).toMatchObject({
    approval: { request: REQUEST, certificate: null },
    until: new Date(NOW + WAIT_MS).toISOString(),
  });
  const later = { ...REQUEST, proof: "another", at: new Date(NOW + DAY_MS).toISOString() };
  expect(withRequest(WAITING, later)).toBe(WAITING);
});

test("of two approvals the first counts", () => {
  const first = withCertificate(WAITING, APPROVED, NOW + DAY_MS);
  expect(first).toMatchObject({
    invitation: {
      approval: { certificate: "first" },
      until: new Date(NOW + DAY_MS + WAIT_MS).toISOString(),
    },
  });
  const invitation = "invitation" in first ? first.invitation : OPEN;
  expect(withCertificate(invitation, { ...APPROVED, certificate: "second" }, NOW)).toEqual({ invitation });
});

test("once it is fetched, a certificate may be fetched again for a day", () => {
  const later = new Date(NOW + DAY_MS).toISOString();
  const once = fetched(WAITING, NOW);
  expect(once).toEqual({ ...WAITING, until: later });
  expect(fetched(once, NOW + 1000)).toEqual(once);
  expect(fetched({ ...WAITING, approval: null }, NOW)).toEqual({ ...WAITING, approval: null });
});

test.each<[string, Invitation, Partial<Approved>]>([
  ["another key", WAITING, { fingerprint: "2".repeat(64) }],
  ["another role", WAITING, { role: "admin" }],
  ["another end", WAITING, { expires: "2027-01-01T00:00:00Z" }],
  ["no request yet", OPEN, {}],
  ["no approval needed", { ...WAITING, approval: null }, {}],
])("%s: not approved", (_what, invitation, more) => {
  expect(withCertificate(invitation, { ...APPROVED, ...more }, NOW)).toHaveProperty("refused");
});
