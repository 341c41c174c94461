/** `clients.json`, strictly: who may come in must not depend on how a mistake is read. */
import { json, TetherdockError } from "../../base/index.ts";
import type { Client } from "../clients/clients.ts";

const instant: json.Read<string> = (value, at, complain) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? value
    : void complain(at, "must be a time such as 2027-01-31T08:00:00Z");

/** Also what a name in a path of the admin API may be. */
export const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;

/** One client, as the file and the admin API have it. */
export const readClient = json.object<Client>({
  name: {
    read: json.matching(
      CLIENT_NAME,
      "1 to 64 of letters, digits and ._@+-, beginning with a letter or digit",
    ),
  },
  fingerprint: { read: json.orNull(json.matching(/^[0-9a-f]{64}$/, "64 hex digits in lower case, or null")) },
  role: { read: json.matching(/^[a-z][a-z0-9-]{0,31}$/, "the name of a role") },
  state: { read: json.oneOf("active", "revoked") },
  expires: { read: json.orNull(instant), optional: { value: null } },
});

const readFile = json.object<{ version: number; clients: readonly Client[] }>({
  version: { read: (value, at, complain) => (value === 1 ? 1 : void complain(at, "must be 1")) },
  clients: { read: json.list(readClient) },
});

function doubles(values: readonly (string | null)[], what: string): string[] {
  const seen = new Set<string>();
  const twice = new Set<string>();
  for (const value of values) {
    if (value === null) continue;
    if (seen.has(value)) twice.add(value);
    seen.add(value);
  }
  return [...twice].map((value) => `${what} ${value} is there twice`);
}

/**
 * Reads a client list.
 * @param source the file's text
 * @param file its path, for the message
 * @returns the clients; names and fingerprints are unique
 * @throws GATEWAY_CLIENTS_BROKEN with every problem
 */
export function parseClients(source: string, file: string): readonly Client[] {
  const read = json.read(source, readFile);
  const clients = "value" in read ? read.value.clients : [];
  const problems = [
    ...("problems" in read ? read.problems : []),
    ...doubles(
      clients.map(({ name }) => name),
      "the name",
    ),
    ...doubles(
      clients.map(({ fingerprint }) => fingerprint),
      "the fingerprint",
    ),
  ];
  if (problems.length === 0) return clients;
  throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the client list ${file}`, {
    why: problems,
    hints: [`fix ${file}; a running gateway keeps the last good list until then`],
  });
}

/** Writes a client list. */
export function formatClients(clients: readonly Client[]): string {
  return `${JSON.stringify({ version: 1, clients }, null, 2)}\n`;
}
