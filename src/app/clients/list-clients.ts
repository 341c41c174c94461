/** The clients of a line's gateway: who may come in, as what, and until when. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { callLine, type GatewayPorts, readClients } from "../gateway-api/index.ts";
import type { ClientsPorts } from "./ports.ts";

/** A client, with the state that counts now: an active one whose time is over is `expired`. */
export type ListedClient = Omit<Client, "state"> & { readonly state: Client["state"] | "expired" };

export async function readList(ports: GatewayPorts, line: string | undefined): Promise<readonly Client[]> {
  return (await callLine(ports, line, { method: "GET", path: "clients" }, readClients)).clients;
}

/** A client at a time. @param now milliseconds since the epoch */
export function asOf(client: Client, now: number): ListedClient {
  const { state, expires } = client;
  const isOver = state === "active" && expires !== null && Date.parse(expires) <= now;
  return isOver ? { ...client, state: "expired" } : client;
}

/** @param line as typed; undefined: the one that is meant when none is named */
export async function listClients(
  ports: ClientsPorts,
  line: string | undefined,
): Promise<readonly ListedClient[]> {
  const now = ports.clock();
  return (await readList(ports, line)).map((client) => asOf(client, now));
}

/** @throws CLIENT_UNKNOWN */
export async function requireKnown(
  ports: GatewayPorts,
  line: string | undefined,
  name: string,
): Promise<void> {
  const clients = await readList(ports, line);
  if (clients.some((client) => client.name === name)) return;
  throw new TetherdockError("CLIENT_UNKNOWN", `there is no client ${name}`, {
    why: clients.length === 0 ? [] : [`the clients are ${clients.map((client) => client.name).join(", ")}`],
    hints: [shellJoin(["tetherdock", "client", "ls", ...(line === undefined ? [] : ["--line", line])])],
  });
}
