/**
 * What one connection does, as data: its states, the events that change them, and the effects that follow (ADR 0020).
 * A request goes idle → (gathering → judging) → forwarding → paused → idle; `transition.ts` has the arrows.
 */
import type { OperationCall } from "../../engine/index.ts";
import type { Judge } from "../../policy/index.ts";
import type { DockerEnd } from "../docker/docker-side.ts";
import type { DockerTerms } from "../docker/docker-terms.ts";
import type { MakeTunnel } from "../grpc/tunnel.ts";
import type { Exchange } from "../record/exchange.ts";
import type { GatheredRequest } from "./gathered-request.ts";

/** What is known of a connection in every state but `leaving`. */
export interface Connected {
  /** The connection ends after the current answer. */
  readonly closing: boolean;
  /** The client has sent its last byte, and may still read. */
  readonly clientEnded: boolean;
}

export type State =
  /** Between requests; part of a head may have arrived. */
  | (Connected & { readonly at: "idle" })
  /** The body is read whole before anything acts on it. */
  | (Connected & { readonly at: "gathering"; readonly next: ToJudge | ToAdminApi })
  /** The body is whole, and the judge has it. */
  | (Connected & { readonly at: "judging" })
  /** The admin API answers. */
  | (Connected & { readonly at: "answering" })
  /** dockerd has the request or part of it, and its answer is not complete. */
  | (Connected & { readonly at: "forwarding"; readonly bodyDue: boolean })
  /** dockerd has answered before it had the whole body: the rest of the body still goes to it. */
  | (Connected & { readonly at: "trailing" })
  /** The connection is no longer HTTP. */
  | (Connected & { readonly at: "raw" })
  /** Answered. The next request waits until the client reads, or, after a refusal, until another one is allowed. */
  | (Connected & { readonly at: "paused"; readonly refused: boolean })
  /** Nothing more is sent; what the client still sends is dropped. */
  | { readonly at: "leaving" };

/** An answer from the gateway instead of dockerd's. */
export interface Refusal {
  readonly status: number;
  readonly text: string;
  /** Why the request failed, for the audit log. */
  readonly error?: string;
}

/** A request as dockerd gets it. */
export interface Outgoing {
  readonly terms: DockerTerms;
  /** The head and the body as far as it has arrived; if it was judged, all of it. */
  readonly bytes: Buffer;
  readonly isJudged: boolean;
  /** Makes what judges calls once the connection is upgraded; null: bytes pass unchanged. */
  readonly tunnel: MakeTunnel | null;
}

export interface ToJudge {
  readonly to: "judge";
  readonly request: GatheredRequest;
  readonly judge: Judge;
  readonly call: OperationCall;
  readonly exchange: Exchange;
}

export interface ToAdminApi {
  readonly to: "admin-api";
  readonly request: GatheredRequest;
}

/** What is still to come on a connection whose client has ended. */
export interface Rest {
  /** The next request, or part of it, is kept. */
  readonly keepsMore: boolean;
  /** The current request goes on until the client leaves. */
  readonly isEndless: boolean;
}

/** Who gets a request, as decided by its head or by its body. */
export type Outcome =
  | { readonly to: "docker"; readonly request: Outgoing }
  | { readonly to: "client"; readonly refusal: Refusal }
  | ToJudge
  | ToAdminApi;

export type Event =
  | (Rest & {
      readonly type: "head";
      readonly outcome: Outcome;
      /** The client asks to close after the answer. */
      readonly close: boolean;
      readonly bodyDue: boolean;
    })
  | { readonly type: "body-end" }
  | { readonly type: "too-large" }
  | (Rest & { readonly type: "judged"; readonly outcome: Outcome })
  /** Refused by the admin API. */
  | { readonly type: "refused"; readonly refusal: Refusal }
  /** What arrived is not a request, or did not arrive in time. */
  | { readonly type: "broken"; readonly refusal: Refusal; readonly hasAnswered: boolean }
  | { readonly type: "answered"; readonly close: boolean }
  | { readonly type: "upgraded" }
  | { readonly type: "docker-ended"; readonly how: DockerEnd; readonly why: string }
  | (Rest & {
      readonly type: "client-ended";
      /** The current request changes nothing. */
      readonly onlyReads: boolean;
    })
  | { readonly type: "proceed" }
  | {
      readonly type: "drain";
      readonly keepsMore: boolean;
      readonly isObserver: boolean;
      /** The connection is new and has asked nothing: it may still ask. */
      readonly isNew: boolean;
    };

export type Effect =
  | { readonly do: "forward"; readonly request: Outgoing }
  /** Sends the refusal and ends the record. */
  | { readonly do: "refuse"; readonly refusal: Refusal; readonly close: boolean }
  /** Begins to gather the body, after a `100 Continue` where the client waits for one. */
  | { readonly do: "read-body"; readonly request: GatheredRequest }
  | { readonly do: "judge"; readonly outcome: ToJudge }
  | { readonly do: "call-admin-api"; readonly outcome: ToAdminApi }
  /** Ends both sides at once. */
  | { readonly do: "cut"; readonly why: string }
  | {
      readonly do: /** Ends the record. */
        | "finish"
        /** Asks whether the next request may be read; `proceed` follows, now or later. */
        | "ask-to-proceed"
        | "read-next"
        /** Ends our side; what still arrives is dropped. */
        | "leave"
        /** Passes what was kept, and all that follows, to dockerd unchanged. */
        | "become-raw"
        | "end-docker"
        | "half-close-client"
        | "renew-docker"
        | "drop-docker"
        | "drop-client";
    };

/** The next state, and the effects to run, in this order. */
export interface Transition {
  readonly state: State;
  readonly effects: readonly Effect[];
}
