/** One request and its answer, from the head's last byte to the answer's: what audit and metrics are told. */
import type { AuditEvent, AuditPart } from "../../audit/index.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { auditPartOf } from "../record/audit-part.ts";
import type { Caller, RequestRecord } from "../record/request-record.ts";

/** What the record is written with. */
export type ExchangeParts = Pick<GatewayContext, "clock" | "audit" | "goOnWithoutAudit" | "metrics">;

export class Exchange {
  readonly number: number;
  readonly asked: RequestRecord;
  /** Bytes of the request that came, head and body. */
  bytesIn = 0;
  /** Bytes of the answer that were sent. */
  bytesOut = 0;
  /** Of the final answer; null as long as there is none. */
  status: number | null = null;
  readonly #context: ExchangeParts;
  readonly #caller: Caller;
  readonly #part: AuditPart;
  readonly #startedAt: number;
  #streaming: boolean;
  /** There is a record that it began. */
  #begun = false;

  constructor(context: ExchangeParts, caller: Caller, number: number, asked: RequestRecord) {
    this.#context = context;
    this.#caller = caller;
    this.number = number;
    this.asked = asked;
    this.#startedAt = context.clock();
    this.#part = auditPartOf(asked);
    this.#streaming = asked.decision === "allow" && asked.call?.operation.stream === true;
  }

  /**
   * Writes down that it begins: what does more than read before dockerd has any of it, a stream soon after.
   * @returns false when it must not go on, because that cannot be written
   */
  begin(): boolean {
    this.#begun = this.#streaming || this.#part === "actions";
    if (!this.#begun) return true;
    const event = this.#event("start", this.#startedAt);
    if (this.#part === "actions")
      return this.#context.audit.recordNow(event) || this.#context.goOnWithoutAudit;
    this.#context.audit.record(event, this.#part);
    return true;
  }

  /** An answer that became a raw pipe is a stream, whatever its operation is called. */
  becomeStream(status: number): void {
    this.status = status;
    this.#streaming = true;
    if (this.#begun) return;
    this.#begun = true;
    this.#context.audit.record(this.#event("start", this.#context.clock()), this.#part);
  }

  /** @param error why it ended before its time */
  finish(error?: string): void {
    const now = this.#context.clock();
    const event = this.#event(this.#begun ? "end" : "request", now);
    this.#context.audit.record(error === undefined ? event : { ...event, error }, this.#part);
    this.#context.metrics.count(this.asked, event, this.#streaming);
  }

  #event(event: AuditEvent["event"], now: number): AuditEvent {
    const { connection, client, fingerprint, address } = this.#caller;
    const { method, target, call, decision, rule } = this.asked;
    return {
      time: now,
      event,
      connection,
      request: this.number,
      client,
      fingerprint,
      address,
      operation: call === null ? null : call.operation.name,
      method,
      target,
      decision,
      rule,
      status: this.status,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      durationMs: Math.round((now - this.#startedAt) * 1000) / 1000,
    };
  }
}
