/** What the fleet process needs of the outside. */
import type { HandOver, HandOverAnswer, HostStore } from "../../fleet/index.ts";

export interface FleetHostPorts {
  readonly store: HostStore;
  /** Asks the gateway beside it. @throws FLEET_LINK_FAILED */
  readonly handOver: (offer: HandOver) => Promise<HandOverAnswer>;
  /** Ends early, without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
  /** One line for the journal. */
  readonly log: (line: string) => void;
}
