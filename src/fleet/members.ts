/** The clients of a host that is in a fleet: its own list and the fleet's, less the keys that the fleet has revoked. */
import { type Client, clientKey, hasAdmin } from "../identity/index.ts";
import { ofClients, readRevoked } from "./fleet-list.ts";
import type { KeptFleet } from "./kept-fleet.ts";
import type { Signed } from "./sign-documents.ts";
import type { FleetView } from "./verify-documents.ts";

export interface Members {
  /** The own clients first. */
  readonly clients: readonly Client[];
  /** Clients of the fleet that are not in force, because the host's own list has their name or their key. */
  readonly hidden: readonly string[];
}

/** Once the documents have ended, so has the access of the fleet's clients, but for these roles. */
function endedAt(
  { until }: FleetView,
  client: Client,
  now: number,
  rolesAfterEnd: readonly string[],
): Client {
  return until > now || rolesAfterEnd.includes(client.role)
    ? client
    : { ...client, expires: new Date(until).toISOString() };
}

/**
 * @param own the host's list
 * @param fleet null: the host is in none
 * @param now milliseconds since the epoch
 * @param rolesAfterEnd whose clients of the fleet get in after its list has ended
 */
export function membersOf(
  own: readonly Client[],
  fleet: KeptFleet | null,
  now: number,
  rolesAfterEnd: readonly string[] = [],
): Members {
  if (fleet === null) return { clients: own, hidden: [] };
  const { view } = fleet;
  const revoked = new Set(fleet.revoked);
  const names = new Set(own.map(({ name }) => name));
  const keys = new Set(own.map(clientKey));
  const isHidden = (client: Client) => names.has(client.name) || keys.has(clientKey(client));
  const others = view.list.clients.filter((client) => !isHidden(client));
  const all = [...own, ...others.map((client) => endedAt(view, client, now, rolesAfterEnd))];
  return {
    clients: all.map((one) => (revoked.has(one.fingerprint ?? "") ? { ...one, state: "revoked" } : one)),
    hidden: view.list.clients.filter(isHidden).map(({ name }) => name),
  };
}

/**
 * @param before what was kept; null: nothing @param next documents that follow it, verified
 * @returns the keys that were revoked earlier, and those that these documents revoke
 */
export function revokedAfter(before: KeptFleet | null, { documents, view }: Signed): readonly string[] {
  // A client may be on the list before, and on the next one no longer.
  const left = before === null ? [] : ofClients(before.view.list, readRevoked(documents.revoked ?? ""));
  return [...new Set([...(before?.revoked ?? []), ...view.list.revoked, ...left])];
}

/** @returns keys that get in by the documents kept before, or by the host's own list, and no longer by the next */
export function shutOutBy(before: KeptFleet, next: KeptFleet): string[] {
  const active = ({ view }: KeptFleet) =>
    new Set(view.list.clients.flatMap(({ state, fingerprint }) => (state === "active" ? [fingerprint] : [])));
  const gone = active(before).difference(active(next));
  const revoked = new Set(next.revoked).difference(new Set(before.revoked));
  return [...gone.union(revoked)].filter((key) => key !== null);
}

/**
 * Keeps a fleet from shutting a host's admins out for good: nobody could take the revocation back. As with changes of the
 * own list, an admin is left, and nobody revokes the key that they are using.
 * @param own the host's list
 * @param before keys that were revoked earlier @param after these, and those that a new list revokes
 * @param sender name of the client who sends the list; null: it comes from the store
 * @returns why the list is refused; null: it shuts out neither
 */
export function shutsOut(
  own: readonly Client[],
  before: readonly string[],
  after: readonly string[],
  sender: string | null,
  now: number,
): string | null {
  const without = (revoked: readonly string[]) => {
    const out = new Set(revoked);
    return own.filter(({ fingerprint }) => !out.has(fingerprint ?? ""));
  };
  const [admitted, left] = [without(before), without(after)];
  const isIn = (clients: readonly Client[]) => clients.some(({ name }) => name === sender);
  if (isIn(admitted) && !isIn(left)) return `the list revokes the key of ${sender}, who sends it`;
  return hasAdmin(admitted, now) && !hasAdmin(left, now)
    ? "the list revokes the last active admin of this host's own list; add another one to that list first"
    : null;
}
