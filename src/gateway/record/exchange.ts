/** One request and its answer, from the head to the answer's last byte, as audit log and metrics record them. */
import type { AuditEvent, AuditPart } from "../../audit/index.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { auditPartOf } from "./audit-part.ts";
import type { Caller, RequestRecord } from "./request-record.ts";

/** What the record is written with. */
export type ExchangeParts = Pick<GatewayContext, "clock" | "audit" | "goOnWithoutAudit" | "metrics">;

/** The rule of a request that ended before its body was whole and judged. */
const UNDECIDED = "body-incomplete";

export class Exchange {
  readonly number: number;
  readonly request: RequestRecord;
  /** Bytes of the request received so far, head and body. */
  bytesIn = 0;
  /** Bytes of the answer sent so far. */
  bytesOut = 0;
  /** Of the final answer; null until there is one. */
  status: number | null = null;
  readonly #context: ExchangeParts;
  readonly #caller: Caller;
  readonly #startedAt: number;
  #decision: AuditEvent["decision"] = "refuse";
  #rule = UNDECIDED;
  #part: AuditPart = "refusals";
  #isStream = false;
  /** Whether its start has been recorded. */
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

  /** @param decision `deny`: the policy forbids it; `refuse`: the policy could not decide it */
  refuse(decision: "deny" | "refuse", rule: string): void {
    this.#decision = decision;
    this.#rule = rule;
  }

  /**
   * Records the start: of an action before dockerd has any of it, of a stream soon after (ADR 0013).
   * @param now when it was decided: later than the head if the body was judged
   * @returns false when the request must not go on because its start cannot be recorded
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

  /** An answer that became a raw pipe counts as a stream, whatever its operation. */
  becomeStream(status: number): void {
    this.status = status;
    this.#isStream = true;
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    this.#context.audit.record(this.#event("start", this.#context.clock()), this.#part);
  }

  /** @param error why it ended early */
  finish(error?: string): void {
    const now = this.#context.clock();
    const event = this.#event(this.#hasBegun ? "end" : "request", now);
    this.#context.audit.record(error === undefined ? event : { ...event, error }, this.#part);
    this.#context.metrics.count(this.request, event, this.#isStream);
  }

  #event(event: AuditEvent["event"], now: number): AuditEvent {
    const { connection, client, fingerprint, address } = this.#caller;
    const { method, target, call, grpc } = this.request;
    return {
      time: now,
      event,
      connection,
      request: this.number,
      client,
      fingerprint,
      address,
      operation: grpc ? `Grpc ${grpc.method}` : (call?.operation.name ?? null),
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
