/** One request and its answer, from the head to the answer's last byte: what the audit log and the metrics are told. */
import type { AuditEvent, AuditPart } from "../../audit/index.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { auditPartOf } from "./audit-part.ts";
import type { Caller, RequestRecord } from "./request-record.ts";

/** What the record is written with. */
export type ExchangeParts = Pick<GatewayContext, "clock" | "audit" | "goOnWithoutAudit" | "metrics">;

/** Of a request that ended before its body was whole and judged. */
const UNDECIDED = "body-incomplete";

export class Exchange {
  readonly number: number;
  readonly request: RequestRecord;
  /** Bytes of the request that came, head and body. */
  bytesIn = 0;
  /** Bytes of the answer that were sent. */
  bytesOut = 0;
  /** Of the final answer; null as long as there is none. */
  status: number | null = null;
  readonly #context: ExchangeParts;
  readonly #caller: Caller;
  readonly #startedAt: number;
  #decision: AuditEvent["decision"] = "refuse";
  #rule = UNDECIDED;
  #part: AuditPart = "refusals";
  #isStream = false;
  /** There is a record that it began. */
  #hasBegun = false;

  constructor(context: ExchangeParts, caller: Caller, number: number, request: RequestRecord) {
    this.#context = context;
    this.#caller = caller;
    this.number = number;
    this.request = request;
    this.#startedAt = context.clock();
  }

  get isDecided(): boolean {
    return this.#rule !== UNDECIDED;
  }

  /** @param decision `deny`: by policy; `refuse`: what came is no request that can be decided */
  refuse(decision: "deny" | "refuse", rule: string): void {
    this.#decision = decision;
    this.#rule = rule;
  }

  /**
   * Records that it begins: an action before dockerd has any of it, a stream soon after (ADR 0013).
   * @param now later than the head when the body was judged
   * @returns false when it must not go on, because that cannot be written
   */
  permit(rule: string, now: number = this.#startedAt): boolean {
    const { call } = this.request;
    this.#decision = "allow";
    this.#rule = rule;
    this.#part = auditPartOf(this.request);
    this.#isStream = call?.operation.stream === true;
    this.#hasBegun = this.#isStream || this.#part === "actions";
    if (!this.#hasBegun) return true;
    const event = this.#event("start", now);
    if (this.#part === "actions")
      return this.#context.audit.recordNow(event) || this.#context.goOnWithoutAudit;
    this.#context.audit.record(event, this.#part);
    return true;
  }

  /** An answer that became a raw pipe is a stream, whatever its operation is called. */
  becomeStream(status: number): void {
    this.status = status;
    this.#isStream = true;
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#context.audit.record(this.#event("start", this.#context.clock()), this.#part);
  }

  /** @param error why it ended before its time */
  finish(error?: string): void {
    const now = this.#context.clock();
    const event = this.#event(this.#hasBegun ? "end" : "request", now);
    this.#context.audit.record(error === undefined ? event : { ...event, error }, this.#part);
    this.#context.metrics.count(this.request, event, this.#isStream);
  }

  #event(event: AuditEvent["event"], now: number): AuditEvent {
    const { connection, client, fingerprint, address } = this.#caller;
    const { method, target, call } = this.request;
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
      decision: this.#decision,
      rule: this.#rule,
      status: this.status,
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      durationMs: Math.round((now - this.#startedAt) * 1000) / 1000,
    };
  }
}
