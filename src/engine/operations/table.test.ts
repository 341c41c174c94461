/** Properties of the table that need no specifications; tools/engine-spec.test.ts compares it with them. */
import { describe, expect, test } from "vitest";
import type { Operation } from "./operation.ts";
import { operations } from "./table.ts";

const named = (wanted: (operation: Operation) => boolean): string[] =>
  operations.filter(wanted).map(({ name }) => name);
const distinct = (values: readonly string[]): number => new Set(values).size;

describe("operations", () => {
  test("113 of them: each name once, each method and path once", () => {
    expect(operations.length).toBe(113);
    expect(distinct(operations.map(({ name }) => name))).toBe(113);
    expect(distinct(operations.map(({ method, path }) => `${method} ${path}`))).toBe(113);
  });

  test("names, paths and versions have the same form everywhere", () => {
    for (const { name, path, since } of operations) {
      expect(name).toMatch(/^[A-Z][A-Za-z]+$/);
      expect(path).toMatch(/^(\/_?[a-z]+|\/\{[a-z]+\})+$/);
      expect(since).toMatch(/^1\.(2[4-9]|[34]\d|5[0-6])$/);
    }
  });

  test("parameters of a path have different names, and never come first", () => {
    for (const { path } of operations) {
      const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
      expect(distinct(parameters)).toBe(parameters.length);
      expect(path.startsWith("/{")).toBe(false);
    }
  });

  test("operations that differ from what their method suggests", () => {
    const reads = (method: string) => method === "GET" || method === "HEAD";
    expect(named(({ kind, method }) => (kind === "read") !== reads(method))).toEqual([
      "ContainerAttachWebsocket",
      "ContainerWait",
    ]);
    expect(named(({ hijack }) => hijack)).toEqual([
      "ContainerAttach",
      "ContainerAttachWebsocket",
      "ExecStart",
      "Session",
      "Grpc",
    ]);
    expect(named(({ deprecated }) => deprecated === "1.53")).toEqual(["Session", "Grpc"]);
    expect(named(({ hijack, stream }) => hijack && !stream)).toEqual([]);
    // otherwise a name in the list of streams without an operation would go unnoticed
    expect(named(({ stream }) => stream).length).toBe(24);
  });
});
