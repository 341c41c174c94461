/** What `audit` needs from outside: logs, wherever they are. */
import type { AuditVerification, RecordSelection } from "../../audit/index.ts";
import type { TetherdockError } from "../../base/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

/** Which records, and for how long. */
export interface RecordQuery extends RecordSelection {
  /** Continue with new records until the signal; without `sinceMs`, they are all. */
  readonly follow: boolean;
  readonly signal: AbortSignal;
}

/** One log. */
export interface RecordSource {
  /** Records as JSON, oldest first. @throws FILE_FAILED, AUDIT_NONE, GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
  records(query: RecordQuery): AsyncIterable<string>;
  /** @param seal of an earlier verification, which must be in it */
  verify(seal: string | undefined): Promise<AuditVerification>;
}

/** What following needs. */
export interface FollowPorts {
  clock(): number;
  /** Ends early, without an error, when the signal is aborted. */
  pause(ms: number, signal: AbortSignal): Promise<void>;
}

export interface AuditPorts extends GatewayPorts, FollowPorts {
  /** The log in a folder on this machine. */
  folder(path: string): RecordSource & {
    /** When its newest record was made, in milliseconds since the Unix epoch; 0: there is none. */
    newest(): Promise<number>;
  };
  /** The line is not followed for now; null: it is again. */
  onFollowed(error: TetherdockError | null): void;
  /** Whether anything exists at this path; true if that is unknown. */
  isThere(path: string): Promise<boolean>;
}
