/** What every connection of a gateway shares. */

import type { Holdings } from "./admission/holdings.ts";
import type { Limits } from "./admission/limits.ts";
import type { Turns } from "./admission/turns.ts";
import type { LocalApi } from "./local-api.ts";
import type { ConnectUpstream, ReadInto } from "./ports.ts";
import type { Metrics } from "./record/metrics.ts";
import type { Recorder } from "./record/recorder.ts";
import type { Caller } from "./record/request-record.ts";

/** Read by connections, changed by the gateway alone. */
export interface GatewayContext {
  readonly limits: Limits;
  /** Milliseconds since the epoch, with fractions. */
  readonly clock: () => number;
  /** The clock at the last sweep: good enough for deadlines, and free. */
  readonly coarseNow: number;
  readonly audit: Recorder;
  /** Whether requests go on when records cannot be written. */
  readonly goOnWithoutAudit: boolean;
  readonly metrics: Metrics;
  readonly connect: ConnectUpstream;
  readonly readInto: ReadInto;
  /** Memory that small pieces of all clients are read into. */
  readonly shared: Buffer;
  /** Told of bytes of memory that clients' were read into and that nobody needs any more: they may be collected. */
  readonly released: (bytes: number) => void;
  readonly localApi: LocalApi;
  readonly holdings: Holdings;
  readonly turns: Turns;
  /** Whether this client may have one more request refused now; asked once for each. */
  mayRefuse(caller: Caller): boolean;
  /** The gateway ends: a connection is closed after its next answer. */
  readonly draining: boolean;
}
