/**
 * What one real connection showed: only facts, no judgement. A peer may be hostile, so all text from outside is limited
 * in length, and printable if it is meant to be shown.
 */
import type { PeerProtocol } from "../tls/peer-protocol.ts";

/** Why nothing could be exchanged; `reset`: the connection was reset before the peer sent a byte. */
export type UnreachableCause = "dns" | "refused" | "timeout" | "no-route" | "reset" | "other";

/** Why we did not trust the peer's certificate. */
export type DistrustReason = "name-mismatch" | "unknown-authority" | "expired" | "not-yet-valid" | "other";

/** What a completed TLS handshake showed about the peer. */
export interface TlsFacts {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly version: string;
  /** The peer's own certificate. */
  readonly certificatePem: string;
}

/** The head of an HTTP answer and the beginning of its body. */
export interface HttpAnswer {
  readonly status: number;
  /** The Api-Version header, which every Docker Engine sends with every answer (since API 1.19). */
  readonly apiVersion?: string;
  readonly server?: string;
  /** At most 4 KiB for a probe; the rest is cut silently. */
  readonly body: string;
}

/** The outcome of one probe. */
export type Observation =
  | { readonly kind: "unreachable"; readonly cause: UnreachableCause; readonly detail: string }
  /** The peer sent bytes that are not TLS after we started TLS. */
  | { readonly kind: "not-tls"; readonly speaks: PeerProtocol; readonly firstBytes: string }
  /** The peer refused with a TLS alert (named as in RFC 8446 section 6.2), during our handshake or `after` it. */
  | { readonly kind: "tls-alert"; readonly alert: string; readonly stage: "handshake" | "after" }
  /** We refused: the peer's certificate does not verify. No request was sent. */
  | {
      readonly kind: "distrusted";
      readonly reason: DistrustReason;
      readonly detail: string;
      readonly tls: TlsFacts;
    }
  | { readonly kind: "tls-failed"; readonly detail: string }
  | { readonly kind: "answered"; readonly answer: HttpAnswer; readonly tls?: TlsFacts }
  /**
   * The peer closed the connection after it had spoken TLS (`handshake`) or received the request (`answer`). The
   * refusal of a client certificate can look like this: the alert is lost if a reset overtakes it.
   */
  | {
      readonly kind: "closed";
      readonly how: "closed" | "reset";
      readonly stage: "handshake" | "answer";
      readonly tls?: TlsFacts;
    }
  /** Connected, but no complete answer in time. */
  | {
      readonly kind: "silent";
      readonly stage: "handshake" | "answer";
      readonly bytes: number;
      readonly tls?: TlsFacts;
    }
  /** We sent the request, and the answer is not HTTP that we can read. */
  | {
      readonly kind: "garbage";
      readonly detail: string;
      readonly speaks: PeerProtocol;
      readonly firstBytes: string;
      readonly tls?: TlsFacts;
    };
