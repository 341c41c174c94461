/** Reads `clients.json` strictly: who gets in must not depend on how a mistake is interpreted. */
import { json, TetherdockError } from "../base/index.ts";
import { type Client, readClient } from "./client.ts";

const readFile = json.object<{ version: number; clients: readonly Client[] }>({
  version: { read: json.only(1) },
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
  return [...twice].map((value) => `${what} ${value} appears twice`);
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
