/** Gives a client another name. Its key, its certificate, its things, its records and its connections stay. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { knownClients } from "./change-client.ts";
import type { ClientsPorts } from "./ports.ts";

const command = (line: string | undefined, ...words: readonly string[]): string =>
  shellJoin(["tetherdock", "client", ...words, ...lineOption(line)]);

function invited(line: string | undefined, name: string, to: string, role = "ROLE"): TetherdockError {
  return new TetherdockError("CLIENT_UNKNOWN", `${name} is invited and has not joined yet`, {
    hints: [`${command(line, "rm", name)} && ${command(line, "invite", to, "--role", role)}`],
  });
}

function taken(line: string | undefined, to: string): TetherdockError {
  return new TetherdockError("CLIENT_EXISTS", `there is already a client ${to}`, {
    hints: [command(line, "ls")],
  });
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @throws CLIENT_UNKNOWN; CLIENT_EXISTS; GATEWAY_REFUSED where something else knows the client by its name; GATEWAY_UNREACHABLE
 */
export async function renameClient(
  ports: ClientsPorts,
  line: string | undefined,
  name: string,
  to: string,
): Promise<void> {
  const { clients, invitations } = await knownClients(ports, "rename", line, name, to);
  const isThere = (list: readonly Pick<Client, "name">[], wanted: string) =>
    list.some((one) => one.name === wanted);
  if (!isThere(clients, name))
    throw invited(line, name, to, invitations.find((one) => one.name === name)?.role);
  if (isThere([...clients, ...invitations], to)) throw taken(line, to);
  const path = `clients/${encodeURIComponent(name)}/rename`;
  await callLine(ports, line, { method: "POST", path, body: { name: to } }, readDone);
}
