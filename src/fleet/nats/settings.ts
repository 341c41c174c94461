/**
 * What the operator's machine keeps to write to a fleet's NATS servers: the seeds of four nkeys, all secret, and what it knows of
 * the hosts' credentials.
 */
import { json, TetherdockError } from "../../base/index.ts";
import { kindOfStore } from "../store/address.ts";
import { type OperatedStore, readSettings } from "../store/index.ts";
import { type HostUsers, mergeUsers, readHostUsers, UNKNOWN_USERS } from "./host-users.ts";

export interface NatsSettings {
  /** Signs the accounts. */
  readonly operator: string;
  /** The servers' own account, in which the fleet's account is changed. */
  readonly system: string;
  /** The fleet's account, which has the stream. */
  readonly account: string;
  /** The account of the hosts: signs their credentials. */
  readonly hosts: string;
  readonly users: HostUsers;
}

const seed = (prefix: string) => ({
  read: json.matching(new RegExp(`^S${prefix}[A-Z2-7]{56}$`), `the seed of an nkey, S${prefix}…`),
});

const readForm = json.object<NatsSettings>({
  operator: seed("O"),
  system: seed("A"),
  account: seed("A"),
  hosts: seed("A"),
  users: { read: readHostUsers, optional: { value: UNKNOWN_USERS } },
});

export const formatNatsSettings = (settings: NatsSettings): string => JSON.stringify(settings);

/** Until November 2026 hosts had no account of their own. */
const isOfOldStore = ({ settings }: Pick<OperatedStore, "settings">): boolean =>
  "value" in json.read(settings, json.openObject({ account: seed("A"), operator: seed("O") })) &&
  "problems" in json.read(settings, json.openObject({ hosts: seed("A") }));

/** @throws FLEET_BROKEN */
export function readNatsSettings(store: Pick<OperatedStore, "settings">): NatsSettings {
  if (isOfOldStore(store))
    throw new TetherdockError("FLEET_BROKEN", "the fleet's store in NATS was made by an older tetherdock", {
      why: ["the servers let any host of such a store delete the list"],
      hints: ["tetherdock help fleet   # fleet store nats://… makes it anew; then fleet join HOST…"],
    });
  return readSettings(store, readForm);
}

/**
 * @param before what this machine had @param now seconds since the epoch
 * @returns the store that another operator has given it, with what both know of the hosts' credentials; of another account, nothing
 */
export function withUsersBefore(
  before: OperatedStore | null,
  next: OperatedStore,
  now: number,
): OperatedStore {
  if ([before?.address, next.address].some((one) => one === undefined || kindOfStore(one) !== "nats"))
    return next;
  if (isOfOldStore(before as OperatedStore)) return next;
  const [own, given] = [readNatsSettings(before as OperatedStore), readNatsSettings(next)];
  if (own.account !== given.account) return next;
  return {
    ...next,
    settings: formatNatsSettings({ ...given, users: mergeUsers(own.users, given.users, now) }),
  };
}
