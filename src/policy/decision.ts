import type { OperationCall } from "../engine/index.ts";
import type { Answer } from "./answers/index.ts";
import type { Asking, EngineLookup } from "./asking.ts";
import type { CallKind, Fields, GrpcCall, PassedCall, SentAnswer } from "./build/index.ts";

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
  /** What the caller is told then; without it, only that. */
  readonly tooLarge?: string;
  /** Whether the body decides, or what follows it on the connection. Otherwise the head and the engine do. */
  readonly byBody: boolean;
  /**
   * @param body whole, its chunks put together; empty when the request has none
   * @returns at once, or later when the engine is asked
   */
  readonly judge: (body: Buffer, call: OperationCall, asking: Asking) => Verdict | Promise<Verdict>;
}

/** What dockerd gets of a judged request. */
export interface Judged {
  readonly body: Buffer;
  /** Where the judge has changed it. */
  readonly target?: string;
  /** All fields of the head, if the judge writes a new one. */
  readonly fields?: Fields;
  /** Judges the gRPC calls on the connection once it is upgraded; without it, bytes pass unchanged. */
  readonly calls?: Calls;
  /** Looks at the messages that the client sends on the upgraded connection, on which dockerd calls the client. */
  readonly sent?: SentFiles;
  /** Of a start: to be called if dockerd does not get it after all, because too many of the client's starts wait. */
  readonly notStarted?: () => Promise<void>;
}

/** Judges what a client sends on a session. */
export interface SentFiles {
  /** For the audit log. */
  readonly rule: string;
  /** @param path of a call that the engine makes @returns what judges its answer; null: there must be none */
  readonly answerTo: (path: string) => SentAnswer | null;
  /** @returns why the engine must not have a header field, byte by byte; null: it may */
  readonly refusesField: (name: string, value: string) => string | null;
}

/** The request goes on. */
export type Permitted = Allow & Judged;

/** What a judge says. */
export type Verdict = Deny | Permitted;

/** Decides on gRPC calls, each by its method and its message. */
export interface Calls {
  /** Of a message; a larger one is refused. */
  readonly maxBytes: number;
  readonly kindOf: (method: string) => CallKind;
  /** Whether it is a call that clients make on their own and can do without. It is answered unread, and not recorded. */
  readonly isOptional: (method: string) => boolean;
  /** @param mayKeep asks whether dockerd may keep so many bytes more for the client; they then count while it does */
  readonly judge: (
    call: GrpcCall,
    engine: EngineLookup,
    mayKeep: (bytes: number) => boolean,
  ) => Promise<CallVerdict>;
}

export type CallVerdict =
  | Deny
  | { readonly allow: true; readonly rule: string; readonly call: PassedCall<Deny> };

/** The decision on a call. */
export type Decision = Allow | Deny | Judge;
