import type { OperationCall } from "../engine/index.ts";
import type { Answer } from "./answers/index.ts";
import type { Asking } from "./asking.ts";

/** The call is allowed; `rule` is the reason in the audit log. */
export interface Allow {
  readonly allow: true;
  readonly rule: string;
  /** What of the answer the caller sees; null: all of it. */
  readonly answer: Answer | null;
}

/** The call is refused; `reason` is what the caller is told. */
export interface Deny {
  readonly allow: false;
  readonly rule: string;
  readonly reason: string;
  /** Of the answer; without one, 403. */
  readonly status?: number;
}

/** The body decides: the request is read whole before dockerd has any of it. */
export interface Judge {
  /** Not decided by the head. */
  readonly allow: null;
  /** Of the body; a larger one is answered 413. */
  readonly maxBytes: number;
  /**
   * @param body whole, its chunks put together; empty when the request has none
   * @returns at once, or later when the engine is asked
   */
  readonly judge: (body: Buffer, call: OperationCall, asking: Asking) => Verdict | Promise<Verdict>;
}

/** What a judge says; `body` is what dockerd gets, and `target`, where the judge has changed that. */
export type Verdict = Deny | (Allow & { readonly body: Buffer; readonly target?: string });

/** The decision on a call. */
export type Decision = Allow | Deny | Judge;
