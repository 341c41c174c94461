/** What `explain` needs of the outside. Implemented in src/cli/explain/ports.ts with src/system. */
import type { Clock } from "../../base/index.ts";
import type { Endpoint, Prober } from "../../engine/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { LeaveOut } from "../lines/index.ts";

/** All of it. */
export interface ExplainPorts {
  readonly lines: Pick<LineStore, "list" | "read" | "readFile">;
  readonly clock: Clock;
  readonly probe: Prober;
  /** Whether to connect to an endpoint that a text names and no line leads to; false where nobody can be asked. */
  mayProbe(endpoint: Endpoint): Promise<boolean>;
  /** Called before an endpoint is probed. */
  report(event: { readonly kind: "probing"; readonly endpoint: Endpoint }): void;
  /** A line that cannot be read: it may be the one to an endpoint, and its certificate is not used. */
  readonly leaveOut: LeaveOut;
}
