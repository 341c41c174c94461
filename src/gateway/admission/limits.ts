/** The limits of one gateway. All can be set in gateway.json under `limits`. */
import { MINUTE_MS, SECOND_MS } from "../../base/index.ts";

/** Counts, bytes and milliseconds; whole numbers, 1 or more; some have a {@link LEAST_LIMITS}. */
export interface Limits {
  /** Connections in all, including those in the handshake. Above it, one in the handshake or the new one is closed. */
  readonly connections: number;
  /** Connections that have not finished their handshake; above it, whoever has the most loses one. */
  readonly waiting: number;
  /** Per client, more are answered 429; per address before TLS, more are closed. Compose and execs open one each. */
  readonly connectionsPerClient: number;
  /** Per client that is not an admin: starts of containers and execs that Docker has not answered; more are answered 429. */
  readonly startsPerClient: number;
  /**
   * Per client that is not an admin: of what Docker keeps in memory of the containers, execs, networks and others that it makes, at
   * once, and again for each minute; more are refused.
   */
  readonly keptBytes: number;
  readonly keptBytesPerMinute: number;
  /**
   * Per client that is not an admin: answers that Docker prepares at once, of each list and of all others; more wait. In all, twice as
   * many of a list, and eight times as many others.
   */
  readonly listsPerClient: number;
  readonly answersPerClient: number;
  /**
   * Per client that is not an admin: logs, and other streams, that it reads more slowly than Docker sends; above it, the one that it has
   * left unread for longest is cut. In all, four times as many logs, and eight times as many others.
   */
  readonly logsPerClient: number;
  readonly unreadPerClient: number;
  /** Per client: new connections that are told why they may ask nothing; more are closed without a word. */
  readonly refusedConnectionsPerMinute: number;
  /** Per client: requests that are refused; above it, the next request waits. */
  readonly refusedRequestsPerMinute: number;
  /** TLS handshakes at a time, in all and per address (IPv6: per /64). More wait, and addresses take turns. */
  readonly handshakes: number;
  readonly handshakesPerAddress: number;
  /** Handshakes begun per second for addresses from which no client on the list has connected. */
  readonly strangersPerSecond: number;
  /** From the start of a TCP connection to the end of its handshake, including the wait for its turn. */
  readonly handshakeMs: number;
  /** From a head's first byte to its last. */
  readonly headMs: number;
  /** Most bytes of a request's or response's head: build sends every registry's credentials in one field. */
  readonly headBytes: number;
  /**
   * Between two pieces of a request body, or for the whole body if it is judged; upgraded connections and responses may
   * be silent for ever.
   */
  readonly bodyStallMs: number;
  /** How long a connection to dockerd stays open without a request; the next request opens another. */
  readonly dockerIdleMs: number;
  /** Most bytes of a response that is rewritten for a viewer; larger ones are refused. */
  readonly rewriteBytes: number;
  /** Bytes held in memory for clients, in all and per client; above it, whoever holds the most loses a connection. */
  readonly heldBytes: number;
  readonly heldBytesPerClient: number;
  /**
   * How long a client may take to hang up after the last answer is flushed, and how much of what it still sends is
   * dropped meanwhile, so that no reset overtakes that answer.
   */
  readonly lingerMs: number;
  readonly lingerBytes: number;
  /** From SIGTERM until whatever still runs is cut. Below systemd's TimeoutStopSec of 90 s. */
  readonly drainMs: number;
}

/** With less, ordinary commands are refused: `docker run -i` counts as 26 kB and 106 for its attach, `docker exec` as 10, and a request's head has up to 1. */
export const LEAST_LIMITS: Partial<Limits> = { keptBytes: 160 * 1024, headBytes: 1024 };

export const DEFAULT_LIMITS: Limits = {
  connections: 16_384,
  waiting: 4_096,
  connectionsPerClient: 1_024,
  startsPerClient: 256,
  keptBytes: 128 * 1024 * 1024,
  keptBytesPerMinute: 2 * 1024 * 1024,
  listsPerClient: 2,
  answersPerClient: 64,
  logsPerClient: 4,
  unreadPerClient: 128,
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
