/** What all connections of a gateway share. */

import type { AdminApi } from "./admin-port.ts";
import type { Holdings } from "./admission/holdings.ts";
import type { Limits } from "./admission/limits.ts";
import type { Rate } from "./admission/rate.ts";
import type { Turns } from "./admission/turns.ts";
import type { Answers } from "./answers/answers.ts";
import type { Fills } from "./docker/fills.ts";
import type { Starts } from "./docker/starts.ts";
import type { ConnectUpstream, Sockets } from "./ports.ts";
import type { Metrics } from "./record/metrics.ts";
import type { Recorder } from "./record/recorder.ts";
import type { Caller } from "./record/request-record.ts";

/** Only the gateway changes it; connections read it. */
export interface GatewayContext {
  readonly limits: Limits;
  /** Milliseconds since the epoch, with fractions. */
  readonly clock: () => number;
  /** The clock at the last sweep: precise enough for deadlines, and free to read. */
  readonly coarseNow: number;
  readonly audit: Recorder;
  /** Whether requests are served when records cannot be written. */
  readonly goOnWithoutAudit: boolean;
  readonly metrics: Metrics;
  readonly connect: ConnectUpstream;
  readonly sockets: Sockets;
  /** The buffer that small pieces from all clients are read into. */
  readonly shared: Buffer;
  /** Called with the size of buffers that are no longer needed, so that they are collected. */
  readonly released: (bytes: number) => void;
  readonly adminApi: AdminApi;
  readonly holdings: Holdings;
  readonly turns: Turns;
  readonly starts: Starts;
  readonly answers: Answers;
  /** Bytes of what clients make and dockerd keeps. */
  readonly kept: Rate;
  readonly fills: Fills;
  /** Whether one more request from this client may be refused now. Each call uses up one. */
  mayRefuse(caller: Caller): boolean;
  /** The gateway is shutting down: each connection closes after its next answer. */
  readonly draining: boolean;
}
