import { expect, test } from "vitest";
import type { AuditEvent } from "../../audit/index.ts";
import { findOperation } from "../../engine/index.ts";
import { Metrics } from "./metrics.ts";

const GAUGES = { connections: 3, handshakes: 2, auditFailing: true };
const event = (over: Partial<AuditEvent> = {}) =>
  ({ decision: "allow", status: 200, durationMs: 30, bytesIn: 5, bytesOut: 7, ...over }) as AuditEvent;
const request = (method: string, target: string) => ({ method, target, call: findOperation(method, target) });

function rows(fill: (metrics: Metrics) => void, name: string): string[] {
  const metrics = new Metrics();
  fill(metrics);
  return metrics
    .render(GAUGES)
    .split("\n")
    .filter((line) => line.startsWith(name));
}

test("requests are counted by kind and outcome", () => {
  const counts = rows((metrics) => {
    metrics.count(request("GET", "/info"), event(), false);
    metrics.count(request("GET", "/info"), event(), false);
    metrics.count(request("POST", "/containers/create"), event({ decision: "deny", status: 403 }), false);
    metrics.count(request("POST", "/containers/create"), event({ decision: "refuse", status: 400 }), false);
    metrics.count(request("GET", "/events"), event({ error: "gone" }), true);
    metrics.count(request("GET", "/tetherdock/v1/status"), event({ status: 404 }), false);
    metrics.count(request("GET", "/nothing"), event({ status: null }), false);
    metrics.count(request("GET", "/nothing"), event({ status: 999 }), false);
  }, "tetherdock_requests_total{");
  expect(counts).toEqual([
    'tetherdock_requests_total{kind="read",outcome="2xx"} 2',
    'tetherdock_requests_total{kind="write",outcome="denied"} 1',
    'tetherdock_requests_total{kind="write",outcome="refused"} 1',
    'tetherdock_requests_total{kind="stream",outcome="broken"} 1',
    'tetherdock_requests_total{kind="gateway",outcome="4xx"} 1',
    'tetherdock_requests_total{kind="unknown",outcome="broken"} 2',
  ]);
});

test("bytes and seconds are summed; a bucket counts requests up to its duration", () => {
  const fill = (metrics: Metrics) => {
    for (const durationMs of [5, 6, 700_000])
      metrics.count(request("GET", "/info"), event({ durationMs }), false);
  };
  const labels = 'kind="read",outcome="2xx"';
  expect(rows(fill, "tetherdock_request_bytes_total")).toEqual([
    `tetherdock_request_bytes_total{${labels}} 15`,
  ]);
  expect(rows(fill, "tetherdock_response_bytes_total")).toEqual([
    `tetherdock_response_bytes_total{${labels}} 21`,
  ]);
  const buckets = [
    ["0.005", 1],
    ...["0.025", "0.1", "0.5", "2.5", "10", "60", "600"].map((le) => [le, 2]),
    ["+Inf", 3],
  ];
  expect(rows(fill, "tetherdock_request_seconds_")).toEqual([
    ...buckets.map(([le, count]) => `tetherdock_request_seconds_bucket{${labels},le="${le}"} ${count}`),
    `tetherdock_request_seconds_sum{${labels}} 700.011`,
    `tetherdock_request_seconds_count{${labels}} 3`,
  ]);
});

test("events are counted by name, and gauges have their current values", () => {
  const fill = (metrics: Metrics) => {
    for (const name of ["reload", "handshake_failed", "reload"]) metrics.note(name);
  };
  expect(rows(fill, "tetherdock_events_total")).toEqual([
    'tetherdock_events_total{event="reload"} 2',
    'tetherdock_events_total{event="handshake_failed"} 1',
  ]);
  expect(
    ["tetherdock_connections", "tetherdock_handshakes", "tetherdock_audit_failing"].flatMap((name) =>
      rows(fill, name),
    ),
  ).toEqual(["tetherdock_connections 3", "tetherdock_handshakes 2", "tetherdock_audit_failing 1"]);
  expect(new Metrics().render({ ...GAUGES, auditFailing: false })).toMatch(/\ntetherdock_audit_failing 0\n$/);
});
