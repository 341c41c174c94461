/** Records to put into a log. */
import type { AuditEvent } from "../../src/audit/index.ts";

/** The record that is told apart from others by its number. */
export function sampleEvent(request: number, over: Partial<AuditEvent> = {}): AuditEvent {
  return {
    time: 1_764_000_000_000 + request,
    event: "request",
    connection: "c1",
    request,
    client: "anna@laptop",
    fingerprint: "ab".repeat(32),
    address: "203.0.113.7:50000",
    operation: "ContainerInspect",
    method: "GET",
    target: "/v1.43/containers/hällo/json",
    decision: "allow",
    rule: "admin",
    status: 200,
    bytesIn: 312,
    bytesOut: 4510,
    durationMs: 3,
    ...over,
  };
}
