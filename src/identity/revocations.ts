/**
 * Which keys have been shut out, as a fact of its own beside the list: a list that somebody puts back, out of a backup or
 * by an undo, lets nobody in again. Only a change that was made knowing of the revocation ends it.
 */
import { DAY_MS, TetherdockError } from "../base/index.ts";
import { type Client, type ClientKey, clientKey } from "./client.ts";

/** What is kept of a key beside the list. */
export interface KeyRecord {
  /** Whether the key is shut out, whatever a list says. */
  readonly revoked: boolean;
  /** The latest end of access that a list has given the key, ISO 8601; null: none, it ends with its certificate. */
  readonly until: string | null;
}

export type KeyRecords = ReadonlyMap<ClientKey, KeyRecord>;

/** A clock that is wrong by less lets no record go too early. */
const GRACE_MS = DAY_MS;

/**
 * Keys without an end of access that have left the list: their records stay, since an older list would let them in at any
 * time. A line has a new CA, and no records, long before. With all clients of a list it keeps the file below 1 MiB, which
 * is what `up` reads of it.
 */
export const MAX_GONE = 5000;

/** The list as it counts. */
export function withRevocations(clients: readonly Client[], records: KeyRecords): readonly Client[] {
  return clients.map((client) =>
    client.state === "active" && records.get(clientKey(client))?.revoked
      ? { ...client, state: "revoked" }
      : client,
  );
}

/** null is the latest of all. */
function latest(one: string | null, other: string | null): string | null {
  if (one === null || other === null) return null;
  return Date.parse(one) >= Date.parse(other) ? one : other;
}

/** The latest end that each key has had, in the records or in these lists. */
function endsOf(records: KeyRecords, lists: readonly (readonly Client[])[]): Map<ClientKey, string | null> {
  const ends = new Map([...records].map(([key, { until }]) => [key, until]));
  for (const client of lists.flat()) {
    const [key, end] = [clientKey(client), client.expires];
    const before = ends.get(key);
    ends.set(key, before === undefined ? end : latest(before, end));
  }
  return ends;
}

/**
 * What is kept after a change. Shut out are keys that were, that are revoked now, and that have left the list; but not
 * those that the change lets in. A key that has left the list is forgotten when every list that ever had it ends its
 * access: an older one put back lets it in no more. So the latest end is kept of each key on the list, too: any of the
 * lists before this one may have another end, and may come back.
 * @param before the list as it counted
 * @param now milliseconds since the epoch
 * @throws GATEWAY_CLIENTS_FULL when too many keys without an end have left the list; revoking them is always possible
 */
export function recordsAfter(
  records: KeyRecords,
  before: readonly Client[],
  after: readonly Client[],
  now: number,
): KeyRecords {
  const listed = new Map(after.map((client) => [clientKey(client), client]));
  const left = new Set(before.map(clientKey)).difference(listed);
  const kept = new Map<ClientKey, KeyRecord>();
  let gone = 0;
  for (const [key, until] of endsOf(records, [before, after])) {
    const client = listed.get(key);
    if (client) kept.set(key, { revoked: client.state === "revoked", until });
    else if (until === null || Date.parse(until) + GRACE_MS > now) {
      kept.set(key, { revoked: left.has(key) || records.get(key)?.revoked === true, until });
      gone += 1;
    }
  }
  if (gone > MAX_GONE && gone > goneFrom(records, before)) throw full();
  return kept;
}

/** How many keys of the records are on no list. */
function goneFrom(records: KeyRecords, list: readonly Client[]): number {
  const listed = new Set(list.map(clientKey));
  return [...records.keys()].filter((key) => !listed.has(key)).length;
}

function full(): TetherdockError {
  return new TetherdockError("GATEWAY_CLIENTS_FULL", "too many clients have been removed from the list", {
    why: [`the gateway remembers ${MAX_GONE} removed keys, so that an older list cannot let them in again`],
    hints: ["tetherdock client revoke CLIENT   # it stays on the list, but is refused"],
  });
}
