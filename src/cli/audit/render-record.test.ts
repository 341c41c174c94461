import { describe, expect, test } from "vitest";
import { gatewayEvent } from "../../audit/index.ts";
import { createStyle } from "../output/style.ts";
import { renderRecord } from "./render-record.ts";

const request = {
  ...gatewayEvent(Date.UTC(2026, 0, 31, 8), "admin", ""),
  event: "request",
  client: "anna@laptop",
  address: "203.0.113.7:50000",
  operation: "ContainerCreate",
  method: "POST",
  target: "/v1.43/containers/create",
  status: 201,
  bytesIn: 900,
  bytesOut: 2_500_000,
  durationMs: 12.4,
  error: undefined,
};
const render = (event: unknown): string => renderRecord(JSON.stringify(event), createStyle(false));

describe("renderRecord()", () => {
  test.each([
    [
      "a request",
      {},
      "anna@laptop       201  ContainerCreate POST /v1.43/containers/create  12 ms, 900 B in, 2.4 MiB out",
    ],
    [
      "a refusal",
      { decision: "deny", rule: "viewer:write", status: 403 },
      "anna@laptop       deny (viewer:write)  ContainerCreate POST /v1.43/containers/create  12 ms, 900 B in, 2.4 MiB out",
    ],
    [
      "a stream's start",
      { event: "start" },
      "anna@laptop       begins  ContainerCreate POST /v1.43/containers/create",
    ],
    [
      "a refused peer",
      {
        event: "connection",
        client: null,
        operation: null,
        method: "",
        target: "",
        decision: "refuse",
        rule: "unknown",
        status: null,
      },
      "203.0.113.7:50000  refuse (unknown)",
    ],
    [
      "a shortened target",
      { event: "start", cut: { target: { bytes: 60_000, sha256: "ab" } } },
      "anna@laptop       begins  ContainerCreate POST /v1.43/containers/create… (60000 bytes)",
    ],
    [
      "a count",
      {
        event: "refusals",
        operation: null,
        method: "",
        target: "",
        decision: "refuse",
        rule: "revoked-client",
        count: 812,
        durationMs: 60_000,
      },
      "anna@laptop       refuse (revoked-client)  812 more  60.0 s, 900 B in, 2.4 MiB out",
    ],
    [
      "a count for unknown addresses",
      {
        event: "refusals",
        client: null,
        address: "",
        operation: null,
        method: "",
        target: "",
        decision: "refuse",
        rule: "unknown-client",
        count: 5,
        durationMs: 60_000,
      },
      "others            refuse (unknown-client)  5 more  60.0 s, 900 B in, 2.4 MiB out",
    ],
    [
      "text from outside",
      { event: "start", target: "/\u001b[31m\n\u202e", error: "\u0007" },
      'anna@laptop       begins  ContainerCreate POST "/\\x1b[31m\\n\\u202e"  "\\x07"',
    ],
  ])("%s", (_, over, expected) => {
    expect(render({ ...request, ...over })).toBe(`2026-01-31T08:00:00.000Z  ${expected}`);
  });

  test("an event of the gateway itself", () => {
    expect(render(gatewayEvent(0, "audit-resumed", "no space"))).toBe(
      '1970-01-01T00:00:00.000Z  gateway           audit-resumed  "no space"',
    );
  });

  test.each(["{", '{"time":"x"}', "null", "\u001b"])("an invalid record: %j", (line) => {
    expect(renderRecord(line, createStyle(false))).toMatch(/^not a record: /);
  });
});
