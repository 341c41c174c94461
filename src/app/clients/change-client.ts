/** Revokes one client, restores it, or removes it from the list; other clients are not affected. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { applyChange, type Client, removeClient, setClientState } from "../../identity/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { requireKnown } from "./list-clients.ts";
import type { ClientsPorts } from "./ports.ts";

/** A revoked client stays on the list, so that its key cannot be added again unnoticed. */
export type ClientChange = "revoke" | "restore" | "remove";

const VERBS = { revoke: "revoke", restore: "restore", remove: "rm" } as const;

/** Whether this is why the gateway refuses. */
function leavesNoAdmin(ports: ClientsPorts, clients: readonly Client[], change: ClientChange, name: string) {
  if (change === "restore") return false;
  const asChange = change === "remove" ? removeClient(name) : setClientState(name, "revoked");
  const result = applyChange(asChange, clients, ports.clock());
  return "refused" in result && result.refused === "last-admin";
}

/** What to do first. */
function anotherAdmin(line: string | undefined): string {
  const given = line === undefined ? [] : ["--line", line];
  const add = ["tetherdock", "client", "add", "NAME", "--role", ADMIN_ROLE, "--public-key", "FILE", ...given];
  return `${shellJoin(add)}   # first, another admin`;
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @throws CLIENT_UNKNOWN; GATEWAY_REFUSED when it is the last admin; GATEWAY_UNREACHABLE
 */
export async function changeClient(
  ports: ClientsPorts,
  change: ClientChange,
  line: string | undefined,
  name: string,
): Promise<void> {
  const clients = await requireKnown(ports, VERBS[change], line, name);
  const path = `clients/${encodeURIComponent(name)}`;
  const call =
    change === "remove"
      ? ({ method: "DELETE", path } as const)
      : ({ method: "POST", path: `${path}/${change}` } as const);
  try {
    await callLine(ports, line, call, readDone);
  } catch (error) {
    const isRefused = error instanceof TetherdockError && error.code === "GATEWAY_REFUSED";
    if (!isRefused || !leavesNoAdmin(ports, clients, change, name)) throw error;
    throw error.with({ why: [], hints: [anotherAdmin(line)] });
  }
}
