/** What `audit` needs from outside: logs, wherever they are. */
import type { AuditVerification, RecordSelection } from "../../audit/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

/** Which records, and for how long. */
export interface RecordQuery extends RecordSelection {
  /** Continue with new records until the signal. */
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

export interface AuditPorts extends GatewayPorts {
  /** The log in a folder on this machine. */
  folder(path: string): RecordSource;
  /** Whether anything exists at this path; true if that is unknown. */
  isThere(path: string): Promise<boolean>;
}
