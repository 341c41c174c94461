/** What the operator's machine keeps to write to a fleet's NATS servers: the seeds of three nkeys. All are secret. */
import { json } from "../../base/index.ts";
import { type OperatedStore, readSettings } from "../store/index.ts";

export interface NatsSettings {
  /** Signs the accounts. */
  readonly operator: string;
  /** The servers' own account, in which the fleet's account is changed. */
  readonly system: string;
  /** The fleet's account: signs the credentials of hosts. */
  readonly account: string;
}

const seed = (prefix: string) => ({
  read: json.matching(new RegExp(`^S${prefix}[A-Z2-7]{56}$`), `the seed of an nkey, S${prefix}…`),
});

const readForm = json.object<NatsSettings>({
  operator: seed("O"),
  system: seed("A"),
  account: seed("A"),
});

export const formatNatsSettings = (settings: NatsSettings): string => JSON.stringify(settings);

/** @throws FLEET_BROKEN */
export const readNatsSettings = (store: OperatedStore): NatsSettings => readSettings(store, readForm);
