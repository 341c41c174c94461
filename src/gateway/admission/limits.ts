/** How much of everything one gateway allows. All can be set in gateway.json under `limits`. */
import { MINUTE_MS, SECOND_MS } from "../../base/index.ts";

/** Counts, bytes and milliseconds; whole numbers, 1 and more. */
export interface Limits {
  /** Connections in all, those in the handshake included. More are closed as they come. */
  readonly connections: number;
  /** Connections that are not through their handshake; of more, whoever has most loses one. */
  readonly waiting: number;
  /** Of one client, more are answered 429; and of one address before TLS is done. Compose and execs open one each. */
  readonly connectionsPerClient: number;
  /** New connections that are told why they may ask nothing, of one client; more are closed without a word. */
  readonly refusedConnectionsPerMinute: number;
  /** Requests of one client that are refused; the next one then waits. */
  readonly refusedRequestsPerMinute: number;
  /** TLS handshakes at a time, in all and of one address (IPv6: of one /64). More wait, each address in its turn. */
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
  /** Handshakes that are begun in a second for addresses from which no client on the list has come before. */
  readonly strangersPerSecond: number;
  /** From a TCP connection's beginning to the end of its handshake, the wait for its turn included. */
  readonly handshakeMs: number;
  /** From a head's first byte to its last. */
  readonly headMs: number;
  /** Bytes of a request's or response's head: build sends every registry's credentials in one field. */
  readonly headBytes: number;
  /** Between two bytes of a request body that are due; upgraded connections and responses may be silent for ever. */
  readonly bodyStallMs: number;
  /** Without a request; then the client's connection to dockerd is closed, and the next request opens another. */
  readonly dockerIdleMs: number;
  /** Bytes of a response that is rewritten for a viewer; larger ones are refused. */
  readonly rewriteBytes: number;
  /** Bytes that wait in memory for clients, in all and for one client; whoever has most loses a connection beyond it. */
  readonly heldBytes: number;
  readonly heldBytesPerClient: number;
  /** For a client to hang up when it has everything; what it still sends is dropped, so that no reset overtakes that. */
  readonly lingerMs: number;
  readonly lingerBytes: number;
  /** From SIGTERM to the end of whatever still runs. Below systemd's TimeoutStopSec of 90 s. */
  readonly drainMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  connections: 16_384,
  waiting: 4_096,
  connectionsPerClient: 1_024,
  refusedConnectionsPerMinute: 240,
  refusedRequestsPerMinute: 1_200,
  handshakes: 256,
  handshakesPerAddress: 32,
  strangersPerSecond: 200,
  handshakeMs: 10 * SECOND_MS,
  headMs: 10 * SECOND_MS,
  headBytes: 64 * 1024,
  bodyStallMs: 5 * MINUTE_MS,
  dockerIdleMs: 1 * SECOND_MS,
  rewriteBytes: 32 * 1024 * 1024,
  heldBytes: 32 * 1024 * 1024,
  heldBytesPerClient: 8 * 1024 * 1024,
  lingerMs: 2 * SECOND_MS,
  lingerBytes: 1024 * 1024,
  drainMs: 10 * SECOND_MS,
};
