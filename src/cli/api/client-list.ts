/** The clients of a line's gateway: read, found by name, written one at a time. */
import { TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import type { Context } from "../context.ts";
import { readClients, readDone } from "./answers.ts";
import { callLine } from "./gateway-access.ts";

export async function listClients(context: Context, line: string | undefined): Promise<readonly Client[]> {
  return (await callLine(context, line, { method: "GET", path: "clients" }, readClients)).clients;
}

/** @throws CLIENT_UNKNOWN */
export async function findClient(context: Context, line: string | undefined, name: string): Promise<Client> {
  const clients = await listClients(context, line);
  const found = clients.find((client) => client.name === name);
  if (found) return found;
  throw new TetherdockError("CLIENT_UNKNOWN", `there is no client ${name}`, {
    why: [`the clients are ${clients.map((client) => client.name).join(", ")}`],
    hints: ["tetherdock client ls"],
  });
}

/** Adds it, or puts it in the place of the one of its name. */
export async function putClient(context: Context, line: string | undefined, client: Client): Promise<void> {
  const path = `clients/${encodeURIComponent(client.name)}`;
  await callLine(context, line, { method: "PUT", path, body: client }, readDone);
}

/** Shuts it out or lets it in again, and leaves the rest of it as it is by then. */
export async function setClientState(
  context: Context,
  line: string | undefined,
  name: string,
  call: "revoke" | "restore",
): Promise<void> {
  const path = `clients/${encodeURIComponent(name)}/${call}`;
  await callLine(context, line, { method: "POST", path }, readDone);
}
