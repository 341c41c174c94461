/** Who asks and for what, as audit, metrics and the list of sessions tell it. */
import type { AuditEvent } from "../../audit/index.ts";
import type { OperationCall } from "../../engine/index.ts";

/** The same for every request of a connection. */
export interface Caller {
  readonly connection: string;
  readonly client: string | null;
  readonly fingerprint: string | null;
  readonly address: string;
  /** Whose budgets it uses: the client's name, a stranger's key. */
  readonly owner: string;
}

/** What was asked and what was decided. */
export interface RequestRecord {
  readonly method: string;
  readonly target: string;
  readonly call: OperationCall | null;
  readonly decision: AuditEvent["decision"];
  readonly rule: string;
}
