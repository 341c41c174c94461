/** The clients of a line's gateway, with their roles and when their access ends. */
import { shellJoin } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { callLine, type GatewayPorts, readClients, unknownClient } from "../gateway-api/index.ts";
import type { ClientsPorts } from "./ports.ts";

/** A client with its current state: an active one after its end of access is `expired`. */
export type ListedClient = Omit<Client, "state"> & { readonly state: Client["state"] | "expired" };

export async function readList(ports: GatewayPorts, line: string | undefined): Promise<readonly Client[]> {
  return (await callLine(ports, line, { method: "GET", path: "clients" }, readClients)).clients;
}

/**
 * A client at a given time.
 * @param now milliseconds since the epoch
 * @returns `expires` in the form of all times in JSON; a list that was written by hand may have another
 */
export function asOf(client: Client, now: number): ListedClient {
  if (client.expires === null) return client;
  const end = Date.parse(client.expires);
  const expires = new Date(end).toISOString();
  return { ...client, expires, state: client.state === "active" && end <= now ? "expired" : client.state };
}

/** @param line as typed; undefined: the one that is meant when none is named */
export async function listClients(
  ports: ClientsPorts,
  line: string | undefined,
): Promise<readonly ListedClient[]> {
  const now = ports.clock();
  return (await readList(ports, line)).map((client) => asOf(client, now));
}

/**
 * @param verb of the command, for the hint
 * @returns all clients
 * @throws CLIENT_UNKNOWN
 */
export async function requireKnown(
  ports: GatewayPorts,
  verb: string,
  line: string | undefined,
  name: string,
): Promise<readonly Client[]> {
  const clients = await readList(ports, line);
  if (clients.some((client) => client.name === name)) return clients;
  const words = (...command: string[]) => [
    ...["tetherdock", "client", ...command],
    ...(line === undefined ? [] : ["--line", line]),
  ];
  const names = clients.map((client) => client.name);
  throw unknownClient(`there is no client ${name}`, name, names, {
    list: shellJoin(words("ls")),
    again: (near) => words(verb, near),
  });
}
