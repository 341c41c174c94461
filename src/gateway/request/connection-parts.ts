/** Where a connection comes from and goes to. */
import type { Duplex } from "node:stream";
import type { Standing } from "../clients/standing.ts";
import type { Caller } from "../record/request-record.ts";

export interface ConnectionParts {
  /** TLS done; half-open allowed. */
  readonly socket: Duplex;
  readonly standing: Standing;
  readonly caller: Caller;
  /** Called once, when the client's socket is closed. */
  readonly onGone: () => void;
}
