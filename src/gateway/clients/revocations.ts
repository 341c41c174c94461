/**
 * Who has been shut out, as a fact of its own beside the list: a list that somebody puts back, out of a backup or by an
 * undo, lets nobody in again. Only a change that was made knowing of the revocation ends it.
 */
import type { Client } from "./clients.ts";

/** What is shut out: a key, or a name where there is no key. */
export type ClientKey = string;

function clientKey({ fingerprint, name }: Pick<Client, "fingerprint" | "name">): ClientKey {
  return fingerprint ?? `name:${name}`;
}

/** The list as it counts. */
export function withRevocations(
  clients: readonly Client[],
  revoked: ReadonlySet<ClientKey>,
): readonly Client[] {
  return clients.map((client) =>
    client.state === "active" && revoked.has(clientKey(client)) ? { ...client, state: "revoked" } : client,
  );
}

/**
 * What is shut out after a change: who was, who is revoked now, and who has left the list; but nobody whom the change
 * lets in.
 * @param before the list as it counted
 */
export function revocationsAfter(
  revoked: ReadonlySet<ClientKey>,
  before: readonly Client[],
  after: readonly Client[],
): ReadonlySet<ClientKey> {
  const active = new Set(after.filter(({ state }) => state === "active").map(clientKey));
  const all = [...revoked, ...before.map(clientKey), ...after.map(clientKey)];
  return new Set(all.filter((key) => !active.has(key)));
}
