/** One request and its answer, from the head's last octet to the answer's: what audit and metrics are told. */
import type { AuditEvent, AuditPart } from "../../audit/index.ts";
import type { Hub } from "../hub.ts";
import type { Asked, Caller } from "../record/asked.ts";
import { auditPartOf } from "../record/audit-part.ts";

/** What the record is written with. */
export type ExchangeParts = Pick<Hub, "clock" | "audit" | "goOnWithoutAudit" | "metrics">;

export class Exchange {
  readonly number: number;
  readonly asked: Asked;
  /** Octets of the request that came, head and body. */
  bytesIn = 0;
  /** Octets of the answer that were sent. */
  bytesOut = 0;
  /** Of the final answer; null as long as there is none. */
  status: number | null = null;
  readonly #hub: ExchangeParts;
  readonly #caller: Caller;
  readonly #part: AuditPart;
  readonly #startedAt: number;
  #streaming: boolean;
  /** There is a record that it began. */
  #begun = false;

  constructor(hub: ExchangeParts, caller: Caller, number: number, asked: Asked) {
    this.#hub = hub;
    this.#caller = caller;
    this.number = number;
    this.asked = asked;
    this.#startedAt = hub.clock();
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
    if (this.#part === "actions") return this.#hub.audit.recordNow(event) || this.#hub.goOnWithoutAudit;
    this.#hub.audit.record(event, this.#part);
    return true;
  }

  /** An answer that became a raw pipe is a stream, whatever its operation is called. */
  becomeStream(status: number): void {
    this.status = status;
    this.#streaming = true;
    if (this.#begun) return;
    this.#begun = true;
    this.#hub.audit.record(this.#event("start", this.#hub.clock()), this.#part);
  }

  /** @param error why it ended before its time */
  finish(error?: string): void {
    const now = this.#hub.clock();
    const event = this.#event(this.#begun ? "end" : "request", now);
    this.#hub.audit.record(error === undefined ? event : { ...event, error }, this.#part);
    this.#hub.metrics.count(this.asked, event, this.#streaming);
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
