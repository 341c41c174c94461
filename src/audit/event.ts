/** What is written down of every request, and where it goes. */
import type { AuditPart } from "./part.ts";

/** What a record says of a text that was too long for it. */
export interface CutText {
  /** Of the whole text, in UTF-8. */
  readonly bytes: number;
  /** Of the whole text, hex. */
  readonly sha256: string;
}

/** One record. Every text may come from a client: nothing here has been judged. */
export interface AuditEvent {
  /** Milliseconds since the Unix epoch. */
  readonly time: number;
  /**
   * `start` and `end` are the two records of a stream, and of whatever does more than read; `refusals` counts those
   * that have no record of their own; `gateway` is what the gateway says of itself.
   */
  readonly event: "request" | "start" | "end" | "connection" | "refusals" | "admin" | "gateway";
  readonly connection: string;
  /** Counted from 1 in each connection; 0 where there is none. */
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
  /** Of `refusals`: how many. */
  readonly count?: number;
  /** By field: texts that were cut. */
  readonly cut?: Readonly<Record<string, CutText>>;
}

/** Where records go. Implemented in src/system. */
export interface AuditSink {
  /**
   * Takes a record; it is in the file within a few milliseconds. Never throws.
   * @param part `actions` unless told otherwise
   */
  record(event: AuditEvent, part?: AuditPart): void;
  /** Writes what `record` has taken for this part, now: what is written survives the end of this process. Never throws. */
  write(part: AuditPart): void;
  /** Why records cannot be written now; null when they can. What comes meanwhile is kept, up to a bound. */
  readonly failure: string | null;
  /** Writes and flushes what is left. Nothing may be recorded after it. */
  close(): Promise<void>;
}

/** A record about the log itself, by whoever writes it. @param time milliseconds since the Unix epoch */
export function gatewayEvent(time: number, rule: string, error: string): AuditEvent {
  const nobody = { connection: "", request: 0, client: null, fingerprint: null, address: "" } as const;
  const nothing = { operation: null, method: "", target: "", status: null } as const;
  const amounts = { bytesIn: 0, bytesOut: 0, durationMs: 0 } as const;
  return { time, event: "gateway", ...nobody, ...nothing, ...amounts, decision: "allow", rule, error };
}
