/** Bounds of an agent. */
import { MINUTE_MS, SECOND_MS } from "../base/index.ts";

export const AGENT_LIMITS = {
  /** Connections that wait for a client: a new one takes three round trips, a short command one. */
  spares: 4,
  /** TLS handshakes at a time. */
  opening: 16,
  /** Clients of one line at a time. */
  clients: 512,
  /** Until a new connection has answered its ping. */
  openMs: 10 * SECOND_MS,
  /** A spare connection is replaced after this time. */
  spareMs: 5 * MINUTE_MS,
  /** Spare connections are closed when no client has come for this time. */
  warmMs: 10 * MINUTE_MS,
  /** After a failure, clients are told of it for this time, instead of each trying again. */
  failureMs: 1 * SECOND_MS,
  /** Between two checks of files and spare connections. */
  tickMs: 1 * SECOND_MS,
  /** A gap between two ticks that shows that this machine slept, or the clock was set. */
  gapMs: 5 * SECOND_MS,
  /** An agent that systemd started ends when no client has come for this time. */
  idleMs: 15 * MINUTE_MS,
} as const;
