/** What every connection of a gateway shares. */
import type { Caller } from "./asked.ts";
import type { Holdings } from "./holdings.ts";
import type { Limits } from "./limits.ts";
import type { LocalApi } from "./local-api.ts";
import type { Metrics } from "./metrics.ts";
import type { ConnectUpstream, ReadInto } from "./ports.ts";
import type { Recorder } from "./recorder.ts";
import type { Turns } from "./turns.ts";

/** Read by connections, changed by the gateway alone. */
export interface Hub {
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
  /** Told of octets of memory that clients' were read into and that nobody needs any more: they may be collected. */
  readonly released: (octets: number) => void;
  readonly localApi: LocalApi;
  readonly holdings: Holdings;
  readonly turns: Turns;
  /** Whether this client may have one more request refused now; asked once for each. */
  mayRefuse(caller: Caller): boolean;
  /** The gateway ends: a connection is closed after its next answer. */
  readonly draining: boolean;
}
