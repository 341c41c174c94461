/** Changes to a fleet's list, as operators make them. */
import type { Client } from "../identity/index.ts";
import type { FleetHost, FleetList } from "./fleet-list.ts";
import type { FleetRole } from "./roles.ts";

/** The new list, or why there is none. */
export type ListChange =
  | { readonly list: FleetList }
  | {
      readonly refused: "unknown" | "unknown-host" | "role" | "taken" | "revoked-key";
      readonly text: string;
    }
  | {
      readonly refused: "role-in-use";
      readonly text: string;
      /** A client that has it. */
      readonly client: string;
    };

const unknown = (name: string): ListChange => ({
  refused: "unknown",
  text: `the fleet has no client ${name}`,
});

const withRevoked = (list: FleetList, fingerprint: string | null): readonly string[] =>
  fingerprint === null ? list.revoked : [...new Set([...list.revoked, fingerprint])];

/** @param client its key must be new to the fleet */
export function addClient(list: FleetList, client: Client): ListChange {
  const same = list.clients.find(({ name }) => name === client.name);
  if (same) return { refused: "taken", text: `the fleet has a client ${client.name} already` };
  const twin = list.clients.find(({ fingerprint }) => fingerprint === client.fingerprint);
  if (twin) return { refused: "taken", text: `the key belongs to ${twin.name}` };
  if (list.revoked.includes(client.fingerprint ?? ""))
    return {
      refused: "revoked-key",
      text: "the key was revoked in this fleet, which cannot be undone; add the client with a new key",
    };
  return { list: { ...list, clients: [...list.clients, client] } };
}

function setClient(list: FleetList, name: string, fields: Partial<Client>): ListChange {
  if (!list.clients.some((one) => one.name === name)) return unknown(name);
  const clients = list.clients.map((one) => (one.name === name ? { ...one, ...fields } : one));
  return { list: { ...list, clients } };
}

export const setRole = (list: FleetList, name: string, role: string): ListChange =>
  setClient(list, name, { role });

/** @param expires when access ends, ISO 8601; null: with the certificate */
export const setExpires = (list: FleetList, name: string, expires: string | null): ListChange =>
  setClient(list, name, { expires });

/** The client stays on the list, marked as revoked; its key is revoked for good. */
export function revokeClient(list: FleetList, name: string): ListChange {
  const found = list.clients.find((one) => one.name === name);
  if (!found) return unknown(name);
  const clients = list.clients.map((one) => (one === found ? ({ ...one, state: "revoked" } as const) : one));
  return { list: { ...list, clients, revoked: withRevoked(list, found.fingerprint) } };
}

/** Also revokes the key: a host that has an older list must not let it in. */
export function removeClient(list: FleetList, name: string): ListChange {
  const found = list.clients.find((one) => one.name === name);
  if (!found) return unknown(name);
  const clients = list.clients.filter((one) => one !== found);
  return { list: { ...list, clients, revoked: withRevoked(list, found.fingerprint) } };
}

/** Adds hosts; one of the same name gives its place to the new one. */
export function putHosts(list: FleetList, hosts: readonly FleetHost[]): ListChange {
  const all = new Map([...list.hosts, ...hosts].map((host) => [host.name, host]));
  return { list: { ...list, hosts: [...all.values()] } };
}

export function removeHost(list: FleetList, name: string): ListChange {
  const hosts = list.hosts.filter((host) => host.name !== name);
  return hosts.length === list.hosts.length
    ? { refused: "unknown-host", text: `the fleet has no host ${name}` }
    : { list: { ...list, hosts } };
}

/** Adds roles, or replaces those with the same names. */
export function putRoles(list: FleetList, roles: readonly FleetRole[]): ListChange {
  const names = new Set(roles.map(({ name }) => name));
  const all = [...list.roles.filter(({ name }) => !names.has(name)), ...roles];
  return { list: { ...list, roles: all.toSorted((one, other) => (one.name < other.name ? -1 : 1)) } };
}

/** Not while a client has it: each host would refuse them, or give them a role of its own with that name. */
export function removeRole(list: FleetList, name: string): ListChange {
  const roles = list.roles.filter((one) => one.name !== name);
  if (roles.length === list.roles.length) return { refused: "role", text: `the fleet has no role ${name}` };
  const having = list.clients.filter(({ role }) => role === name).map((one) => one.name);
  const [client] = having;
  if (client === undefined) return { list: { ...list, roles } };
  const text = `clients have the role ${name}: ${having.slice(0, 20).join(", ")}`;
  return { refused: "role-in-use", text, client };
}
