/** One request and its answer, from the head's last octet to the answer's: what audit and metrics are told. */
import type { AuditEvent } from "../audit/index.ts";
import type { Asked, Caller } from "./asked.ts";
import type { Hub } from "./hub.ts";

/** What the record is written with. */
export type ExchangeParts = Pick<Hub, "clock" | "audit" | "metrics">;

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
  readonly #startedAt: number;
  #streaming: boolean;

  constructor(hub: ExchangeParts, caller: Caller, number: number, asked: Asked) {
    this.#hub = hub;
    this.#caller = caller;
    this.number = number;
    this.asked = asked;
    this.#startedAt = hub.clock();
    this.#streaming = asked.decision === "allow" && asked.call?.operation.stream === true;
    if (this.#streaming) hub.audit.record(this.#event("start", this.#startedAt));
  }

  /** An answer that became a raw pipe is a stream, whatever its operation is called. */
  becomeStream(): void {
    if (this.#streaming) return;
    this.#streaming = true;
    this.#hub.audit.record(this.#event("start", this.#hub.clock()));
  }

  /** @param error why it ended before its time */
  finish(error?: string): void {
    const now = this.#hub.clock();
    const event = this.#event(this.#streaming ? "end" : "request", now);
    this.#hub.audit.record(error === undefined ? event : { ...event, error });
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
