/** The record of a request, and the port that writes it. */
import type { AuditPart } from "./part.ts";

/** Replaces a text that was too long for the record. */
export interface CutText {
  /** Of the whole text, in UTF-8. */
  readonly bytes: number;
  /** Of the whole text, hex. */
  readonly sha256: string;
}

/** One record. Every text may come from a client and has not been checked. */
export interface AuditEvent {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /**
   * `start` and `end` are the two records of a stream, and of any request that does more than read. `refusals` counts
   * refusals that have no record of their own. `gateway` is a message of the gateway about itself.
   */
  readonly event: "request" | "start" | "end" | "connection" | "refusals" | "admin" | "gateway";
  readonly connection: string;
  /** Counted from 1 in each connection; 0 if the record is not about a request. */
  readonly request: number;
  readonly client: string | null;
  /** SHA-256 of the client's public key (SPKI), hex. */
  readonly fingerprint: string | null;
  readonly address: string;
  /** Docker's operationId. */
  readonly operation: string | null;
  readonly method: string;
  readonly target: string;
  readonly decision: "allow" | "deny" | "refuse";
  readonly rule: string;
  readonly status: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly durationMs: number;
  readonly error?: string;
  /** For `refusals`: their number. */
  readonly count?: number;
  /** The texts that were cut, by field. */
  readonly cut?: Readonly<Record<string, CutText>>;
}

/** Where records go. Implemented in src/system. */
export interface AuditSink {
  /**
   * Takes a record; it is in the file within a few milliseconds. Never throws.
   * @param part `actions` by default
   */
  record(event: AuditEvent, part?: AuditPart): void;
  /** Writes the records taken for this part now; they survive the end of this process. Never throws. */
  write(part: AuditPart): void;
  /** Why records cannot be written now, or null. Records taken in the meantime are kept, up to a limit. */
  readonly failure: string | null;
  /** Writes and flushes the remaining records. Nothing may be recorded after it. */
  close(): Promise<void>;
}

/** A record about the log itself, from the code that writes it. */
export function gatewayEvent(time: number, rule: string, error: string): AuditEvent {
  const nobody = { connection: "", request: 0, client: null, fingerprint: null, address: "" } as const;
  const nothing = { operation: null, method: "", target: "", status: null } as const;
  const amounts = { bytesIn: 0, bytesOut: 0, durationMs: 0 } as const;
  return { time, event: "gateway", ...nobody, ...nothing, ...amounts, decision: "allow", rule, error };
}
