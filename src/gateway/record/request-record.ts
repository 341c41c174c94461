/** Who asks for what, as the audit log, the metrics and the list of sessions show it. */
import type { OperationCall } from "../../engine/index.ts";

/** The same for every request of a connection. */
export interface Caller {
  readonly connection: string;
  readonly client: string | null;
  readonly fingerprint: string | null;
  readonly address: string;
  /** Whose budgets it uses: the client's name, or the key fingerprint of a peer that is not on the list. */
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
