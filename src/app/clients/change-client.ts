/** Revokes one client, restores it, or removes it from the list; other clients are not affected. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { applyChange, type Client, removeClient } from "../../identity/index.ts";
import type { Line } from "../../line/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import { askClients, callLine, type Receipt, readChanged } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { requireKnown } from "./list-clients.ts";
import type { ClientsPorts } from "./ports.ts";

/** A revoked client stays on the list, so that its key cannot be added again unnoticed. */
export type ClientChange = "revoke" | "restore" | "remove";

const VERBS = { revoke: "revoke", restore: "restore", remove: "rm" } as const;

/** Whether this is why the gateway refuses: a revoked admin is as little of an admin as a removed one. */
function leavesNoAdmin(ports: ClientsPorts, clients: readonly Client[], change: ClientChange, name: string) {
  if (change === "restore") return false;
  const result = applyChange(removeClient(name), clients, ports.clock());
  return "refused" in result && result.refused === "last-admin";
}

/** What to do first. */
export function anotherAdmin(line: string | undefined): string {
  const add = ["tetherdock", "client", "add", "NAME", "--role", ADMIN_ROLE, "--public-key", "FILE"];
  return `${shellJoin([...add, ...lineOption(line)])}   # first, another admin`;
}

/** Why no client can be revoked where dockerd itself listens, and the two ways there are. */
function nativeMode({ name, target }: Line, error: TetherdockError): TetherdockError {
  const up = shellJoin(["tetherdock", "up", target ?? "--local"]);
  return error.with({
    why: [
      "in native mode dockerd admits every certificate of the line's CA until it expires: no single client can be revoked",
    ],
    hints: [
      `${shellJoin(["tetherdock", "down", name])} && ${up}   # or: a new CA, which ends every certificate of the old one`,
    ],
  });
}

/** @throws CLIENT_UNKNOWN; GATEWAY_REFUSED, which says what to do instead in native mode */
export async function knownClients(
  ports: ClientsPorts,
  verb: string,
  line: string | undefined,
  name: string,
  ...more: readonly string[]
) {
  try {
    return (await requireKnown(ports, verb, line, name, ...more)).clients;
  } catch (error) {
    if (!(error instanceof TetherdockError) || error.code !== "GATEWAY_REFUSED") throw error;
    const picked = await ports.lines.read(await pickLine(ports, line));
    throw picked.mode === "native" ? nativeMode(picked, error) : error;
  }
}

/** Whether the gateway has just ended the access that this machine had: it listed the clients for us a moment ago. */
export async function refusesUs(ports: ClientsPorts, line: string | undefined): Promise<boolean> {
  try {
    await askClients(ports, line);
    return false;
  } catch (error) {
    return error instanceof TetherdockError && error.code === "GATEWAY_REFUSED";
  }
}

function ownClient(change: ClientChange, line: string | undefined, name: string): TetherdockError {
  const back = change === "remove" ? ["invite", name, "--role", ADMIN_ROLE] : ["restore", name];
  return new TetherdockError("CLIENT_REVOKED", `${name} was this machine's own access, which has ended`, {
    hints: [`${shellJoin(["tetherdock", "client", ...back, ...lineOption(line)])}   # by another admin`],
  });
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @returns which connections it cut; null: the gateway is older than receipts
 * @throws CLIENT_UNKNOWN; CLIENT_REVOKED when it was our own; GATEWAY_REFUSED when it is the last admin; GATEWAY_UNREACHABLE
 */
export async function changeClient(
  ports: ClientsPorts,
  change: ClientChange,
  line: string | undefined,
  name: string,
): Promise<Receipt | null> {
  const clients = await knownClients(ports, VERBS[change], line, name);
  const path = `clients/${encodeURIComponent(name)}`;
  const call =
    change === "remove"
      ? ({ method: "DELETE", path } as const)
      : ({ method: "POST", path: `${path}/${change}` } as const);
  try {
    return (await callLine(ports, line, call, readChanged)).receipt;
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    const mayBeOurs = error.code === "GATEWAY_UNREACHABLE" && change !== "restore";
    // The gateway closes our connections too, and cannot answer.
    if (mayBeOurs && (await refusesUs(ports, line))) throw ownClient(change, line, name);
    if (error.code !== "GATEWAY_REFUSED" || !leavesNoAdmin(ports, clients, change, name)) throw error;
    throw error.with({ why: [], hints: [anotherAdmin(line)] });
  }
}
