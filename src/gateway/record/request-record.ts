/** Who asks for what, as the audit log, the metrics and the list of sessions show it. */
import type { AuditEvent } from "../../audit/index.ts";
import type { OperationCall } from "../../engine/index.ts";

/** The same for every request of a connection, except for its name, which an admin can change. */
export interface Caller {
  readonly connection: string;
  client: string | null;
  readonly fingerprint: string | null;
  readonly address: string;
  /** Whose budgets it uses: a key, as the client list knows it, or that of a peer that is not on the list. */
  readonly owner: string;
}

/** What was asked. */
export interface RequestRecord {
  readonly method: string;
  readonly target: string;
  /** null: not a known operation, or the admin API. */
  readonly call: OperationCall | null;
  /** A gRPC call on an upgraded connection. */
  readonly grpc?: GrpcRecord | null;
}

export interface GrpcRecord {
  /** `moby.buildkit.v1.Control/Solve` */
  readonly method: string;
  /** Whether it changes something. */
  readonly writes: boolean;
}

/** A record that belongs to no request. */
export function outsideRequests(event: AuditEvent["event"], time: number): AuditEvent {
  return {
    ...{ time, event, connection: "", request: 0, client: null, fingerprint: null, address: "" },
    ...{ operation: null, method: "", target: "", decision: "allow", rule: "", status: null },
    ...{ bytesIn: 0, bytesOut: 0, durationMs: 0 },
  };
}
