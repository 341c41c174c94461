/**
 * Records revoked keys apart from the list, so that an older list, put back from a backup or by an undo, does not let
 * them in again. Only a change made with knowledge of the revocation ends it.
 */
import { DAY_MS, TetherdockError } from "../base/index.ts";
import { type Client, type ClientKey, clientKey } from "./client.ts";

/** The record of one key, kept beside the list. */
export interface KeyRecord {
  /** Whether the key is shut out, whatever a list says. */
  readonly revoked: boolean;
  /** The latest end of access that any list has set for the key, ISO 8601; null: access ends with the certificate. */
  readonly until: string | null;
}

export type KeyRecords = ReadonlyMap<ClientKey, KeyRecord>;

/** Records are kept this much longer, because a clock may be wrong. */
const GRACE_MS = DAY_MS;

/**
 * The limit for removed keys whose access has not ended. Their records stay, because an older list would let them in. A
 * line gets a new CA, and starts without records, long before it has so many. With all clients of a list, the file
 * stays below 4 MiB, which is what `up` reads of it.
 */
export const MAX_GONE = 5000;

/** Applies the revocations to a list. */
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
 * Updates the records after a change. Keys stay revoked, or become so when the change revokes or removes them, unless
 * the change lets them in. The record of a removed key is dropped once its access has ended in every list that ever had
 * it: an older list no longer lets it in. For this, the latest end is also kept for each key on the list: an older list
 * may have a later end, and may be put back.
 * @param before the list before the change, with revocations applied
 * @param now milliseconds since the epoch
 * @throws GATEWAY_CLIENTS_FULL when too many keys have left the list before their access ended; revoking them is always
 *   possible
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

/** Counts the recorded keys that are not on the list. */
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
