/** Changes to the client list. No change removes the last active admin. */
import { administers } from "../policy/index.ts";
import type { Client } from "./client.ts";

/** Why a change is not made. */
export interface Refused {
  readonly refused:
    | "unknown-client"
    | "name-taken"
    | "key-taken"
    | "fixed-name"
    | "revoked-key"
    | "last-admin"
    | "busy";
  readonly text: string;
}

/** The list after a change, and what was done. */
export interface Changed {
  readonly clients: readonly Client[];
  readonly done: "added" | "changed" | "renamed" | "removed";
}

/** Computes the new list from the stored one. Called again if another writer changed the stored list first. */
export type Change = (before: readonly Client[]) => Changed | Refused;

/** @param name of a client, or how it was looked for */
export const unknown = (name: string): Refused => ({
  refused: "unknown-client",
  text: `there is no client ${name}`,
});

export const nameTaken = (name: string): Refused => ({
  refused: "name-taken",
  text: `there is already a client ${name}`,
});

/** Adds a client, or replaces the one with the same name. */
export function putClient(client: Client): Change {
  return (before) => {
    const others = before.filter(({ name }) => name !== client.name);
    const twin = others.find(({ fingerprint }) => fingerprint !== null && fingerprint === client.fingerprint);
    if (twin) return { refused: "key-taken", text: `the key already belongs to ${twin.name}` };
    return others.length < before.length
      ? { clients: before.map((one) => (one.name === client.name ? client : one)), done: "changed" }
      : { clients: [...before, client], done: "added" };
  };
}

/**
 * Adds a client that joins by invitation. Unlike {@link putClient} it changes no client that is there: a client that joins
 * again with the same key, because it did not get the answer, stays as it is.
 */
export function joinClient(client: Client): Change {
  return (before) => {
    const known = before.find(({ name }) => name === client.name);
    if (!known) return putClient(client)(before);
    return known.fingerprint === client.fingerprint && known.state === "active"
      ? { clients: before, done: "changed" }
      : nameTaken(client.name);
  };
}

export function removeClient(name: string): Change {
  return (before) => {
    const clients = before.filter((client) => client.name !== name);
    return clients.length === before.length ? unknown(name) : { clients, done: "removed" };
  };
}

/** Sets only what is named, so that concurrent changes to the client's other fields survive. */
function setClient(name: string, fields: Partial<Client>): Change {
  return (before) =>
    before.some((client) => client.name === name)
      ? {
          clients: before.map((client) => (client.name === name ? { ...client, ...fields } : client)),
          done: "changed",
        }
      : unknown(name);
}

/** Revokes or restores a client. */
export const setClientState = (name: string, state: Client["state"]): Change => setClient(name, { state });

/** Revokes whoever has a key: between two steps, a name may have become another client's. */
export function revokeKey(fingerprint: string): Change {
  return (before) => {
    const client = before.find((one) => one.fingerprint === fingerprint);
    return client ? setClientState(client.name, "revoked")(before) : unknown("with this key");
  };
}

/** Gives a client another role. @param role one that the gateway knows */
export const setClientRole = (name: string, role: Client["role"]): Change => setClient(name, { role });

/**
 * Sets when a client's access ends, also of one whose access has ended.
 * @param expires ISO 8601, UTC; null: with its certificate
 */
export function setClientExpires(name: string, expires: string | null): Change {
  return (before) => {
    const changed = setClient(name, { expires })(before);
    if ("refused" in changed || expires === null) return changed;
    const end = Date.parse(expires);
    return hasAdmin(before, end) && !hasAdmin(changed.clients, end)
      ? { refused: "last-admin", text: `that would leave no active admin from ${expires} on` }
      : changed;
  };
}

/** Whether anybody on the list can administer the host. @param now milliseconds since the epoch */
export function hasAdmin(clients: readonly Client[], now: number): boolean {
  return clients.some(
    ({ role, state, expires }) =>
      administers(role) && state === "active" && (expires === null || Date.parse(expires) > now),
  );
}

/**
 * Makes a change, unless it removes the last active admin.
 * @param before the list with revocations applied
 * @param now milliseconds since the epoch
 */
export function applyChange(change: Change, before: readonly Client[], now: number): Changed | Refused {
  const changed = change(before);
  if ("refused" in changed || hasAdmin(changed.clients, now) || !hasAdmin(before, now)) return changed;
  return { refused: "last-admin", text: "that would leave no active admin" };
}
