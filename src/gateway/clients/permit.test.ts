/** What is decided before a request reaches dockerd, and in which order. */
import { expect, test } from "vitest";
import { findOperation, type OperationCall } from "../../engine/index.ts";
import { compileRole, defaultRole } from "../../policy/index.ts";
import type { AdminCallKind } from "../admin-port.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { Authorization } from "./authorization.ts";
import { permit } from "./permit.ts";
import { refusalStatus, refusalText } from "./refusal-text.ts";

const FOREVER = Number.POSITIVE_INFINITY;
const client = { name: "anna", fingerprint: null, role: "admin", state: "active", expires: null } as const;
const authorization = (role: "admin" | "viewer", over: Partial<Authorization> = {}): Authorization => ({
  peer: { address: "", fingerprint: null, clientName: "anna", notAfter: FOREVER },
  admission: { admitted: true, client, until: FOREVER },
  role: compileRole(defaultRole(role)),
  blocked: null,
  ...over,
});
const context = (failure: string | null = null, goOnWithoutAudit = false) =>
  ({ audit: { failure }, goOnWithoutAudit }) as unknown as GatewayContext;

const list = findOperation("GET", "/containers/json") as OperationCall;
const create = findOperation("POST", "/containers/create") as OperationCall;
const revoked = { admitted: false, client: null, rule: "revoked-client" } as const;

test.each<[string, Authorization, OperationCall | null, AdminCallKind | null, object]>([
  ["an admin's call to docker", authorization("admin"), create, null, { allow: true, rule: "admin" }],
  ["an admin's unknown call", authorization("admin"), null, null, { allow: true, rule: "admin" }],
  ["an admin's call of the admin API", authorization("admin"), null, "other", { allow: true, rule: "admin" }],
  ["a viewer's read", authorization("viewer"), list, null, { allow: true, rule: "viewer-read" }],
  ["a viewer's write", authorization("viewer"), create, null, { allow: false, rule: "viewer-no-write" }],
  ["a viewer's unknown call", authorization("viewer"), null, null, { allow: false, rule: "viewer-unknown" }],
  [
    "a viewer's call of the admin API",
    authorization("viewer"),
    null,
    "other",
    { allow: false, rule: "admin-only" },
  ],
  ["a viewer that asks who it is", authorization("viewer"), null, "self", { allow: true, rule: "viewer" }],
  [
    "somebody who was revoked asks who it is",
    authorization("viewer", { admission: revoked }),
    null,
    "self",
    { allow: false, rule: "revoked-client" },
  ],
  [
    "a call of somebody who was revoked",
    authorization("admin", { admission: revoked }),
    list,
    null,
    { allow: false, rule: "revoked-client" },
  ],
  [
    "a call beyond the connections of a client",
    authorization("admin", { blocked: "too-many-connections" }),
    list,
    null,
    { allow: false, rule: "too-many-connections" },
  ],
  [
    "a call with a role that is not defined",
    authorization("admin", { role: null }),
    list,
    null,
    { allow: false, rule: "unknown-role" },
  ],
])("%s", (_what, who, call, local, expected) => {
  expect(permit(context(), who, call, local)).toMatchObject(expected);
});

test("a client that is not admitted gets that reason, whatever else is wrong", () => {
  const who = authorization("admin", { admission: revoked, blocked: "too-many-connections", role: null });
  expect(permit(context("full"), who, list, null)).toMatchObject({ rule: "revoked-client" });
});

test("while the audit log cannot be written, nothing is permitted, including the admin API", () => {
  for (const call of [null, "self", "other"] as const)
    expect(permit(context("disk full"), authorization("admin"), list, call)).toMatchObject({
      allow: false,
      rule: "audit-unwritable",
    });
  expect(permit(context("disk full", true), authorization("admin"), list, null)).toMatchObject({
    allow: true,
  });
});

test("a refusal carries its reason, and the status that tells a client whether to try again", () => {
  const { rule, reason } = permit(context(), authorization("viewer"), null, "other") as {
    rule: string;
    reason: string;
  };
  expect(reason).toBe(refusalText("admin-only"));
  expect([rule, "audit-unwritable", "too-many-connections"].map(refusalStatus)).toEqual([403, 503, 429]);
});
