import { describe, expect, test } from "vitest";
import { findOperation, operations } from "../engine/index.ts";
import { compileRole, decide } from "./index.ts";

const admin = compileRole({ name: "admin", options: {} });
const viewer = compileRole({ name: "viewer", options: { logs: false } });
const reader = compileRole({ name: "viewer", options: { logs: true } });

function verdict(role: typeof viewer, method: string, target: string): string {
  const decision = decide(role, findOperation(method, target));
  if (decision.allow === null) return "by its body";
  if (!decision.allow) return `no: ${decision.rule}`;
  return `yes: ${decision.rule}${decision.answer ? ", in part" : ""}`;
}

describe("decide()", () => {
  test.each([
    ["GET", "/containers/json", "yes: viewer-read, in part"],
    ["GET", "/containers/web/json", "yes: viewer-read, in part"],
    ["GET", "/containers/web/logs?follow=1", "no: viewer-no-logs"],
    ["GET", "/containers/web/archive?path=/", "no: viewer-hidden"],
    ["GET", "/containers/web/attach/ws", "no: viewer-no-write"],
    ["POST", "/containers/web/start", "no: viewer-no-write"],
    ["GET", "/containers/../info", "no: viewer-unknown"],
    ["GET", "/debug/pprof/heap", "no: viewer-unknown"],
  ])("viewer, %s %s: %s", (method, target, expected) => {
    expect(verdict(viewer, method, target)).toBe(expected);
  });

  test("logs only if the role has the option", () => {
    expect(verdict(reader, "GET", "/v1.41/containers/web/logs")).toBe("yes: viewer-logs");
    expect(verdict(reader, "GET", "/v1.41/containers/web/export")).toBe("no: viewer-hidden");
  });

  test("admin: everything, with the complete answer", () => {
    const decisions = operations.map((operation) => admin.decisions.get(operation));
    for (const decision of decisions) expect(decision).toEqual({ allow: true, rule: "admin", answer: null });
    expect(verdict(admin, "PATCH", "/nothing/../known")).toBe("yes: admin");
  });

  test("viewer: only reads, only GET and HEAD", () => {
    const allowed = operations.filter((operation) => reader.decisions.get(operation)?.allow);
    expect(allowed.length).toBeGreaterThan(20);
    expect(allowed.filter(({ kind }) => kind === "write")).toEqual([]);
    expect(new Set(allowed.map(({ method }) => method))).toEqual(new Set(["GET", "HEAD"]));
    expect(allowed.filter(({ hijack }) => hijack)).toEqual([]);
  });

  test("viewer: every refusal has a reason", () => {
    for (const operation of operations) {
      const decision = viewer.decisions.get(operation);
      if (decision?.allow !== false) continue;
      expect(decision.reason).toMatch(
        new RegExp(`^the role viewer may not call ${operation.name}: \\S.{12}`),
      );
      expect(decision.reason).not.toContain("what it shows is unknown");
    }
  });
});
