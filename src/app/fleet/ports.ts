/** What `fleet` needs of the outside. */
import type { Clock } from "../../base/index.ts";
import type { FleetFolders, OperatedStore, OperatorStore } from "../../fleet/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

export interface FleetPorts extends GatewayPorts {
  readonly clock: Clock;
  readonly fleets: FleetFolders;
  /** @throws FLEET_STORE_FAILED, FLEET_BROKEN */
  readonly openStore: (store: OperatedStore, fleet: string) => Promise<OperatorStore>;
  /** Name for this machine's operator, such as anna@laptop; null: it has none that is one. */
  readonly operator: () => string | null;
  /** Of the operator's key of this fleet: asked for once. @throws PROMPT_IMPOSSIBLE */
  readonly passphrase: (fleet: string) => Promise<string>;
  /** A new one. @throws PROMPT_IMPOSSIBLE, USAGE */
  readonly newPassphrase: (fleet: string) => Promise<string>;
  /** Ends early, without an error, when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Says why it takes long. */
  readonly tell: (text: string) => void;
}
