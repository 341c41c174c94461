/** Gives a client another role. Its key, its certificate and its things stay. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { applyChange, setClientRole } from "../../identity/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import { callLine, type Receipt, readChanged } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { requireRole } from "./add-client.ts";
import { anotherAdmin, knownClients, refusesUs } from "./change-client.ts";
import type { ClientsPorts } from "./ports.ts";

/** The gateway has closed our connections, too, and could not answer: we are no admin any more. */
function ownRole(line: string | undefined, name: string, role: string): TetherdockError {
  const message = `${name} was this machine's own access as an admin: its role is ${role} now`;
  const back = ["tetherdock", "client", "role", name, ADMIN_ROLE, ...lineOption(line)];
  return new TetherdockError("CLIENT_REVOKED", message, {
    hints: [`${shellJoin(back)}   # by another admin`],
  });
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @returns which connections were closed: those that the old role permitted
 * @throws CLIENT_UNKNOWN; ROLE_UNKNOWN; CLIENT_REVOKED when it was our own; GATEWAY_REFUSED when no active admin would be left; GATEWAY_UNREACHABLE
 */
export async function changeRole(
  ports: ClientsPorts,
  line: string | undefined,
  name: string,
  role: string,
): Promise<Receipt | null> {
  const clients = await knownClients(ports, "role", line, name, role);
  const again = (near: string) => ["tetherdock", "client", "role", name, near, ...lineOption(line)];
  await requireRole(ports, await pickLine(ports, line), role, again);
  const path = `clients/${encodeURIComponent(name)}/role`;
  try {
    return (await callLine(ports, line, { method: "POST", path, body: { role } }, readChanged)).receipt;
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    if (error.code === "GATEWAY_UNREACHABLE" && (await refusesUs(ports, line)))
      throw ownRole(line, name, role);
    const result = applyChange(setClientRole(name, role), clients, ports.clock());
    const isLast = "refused" in result && result.refused === "last-admin";
    if (error.code !== "GATEWAY_REFUSED" || !isLast) throw error;
    throw error.with({ why: [], hints: [anotherAdmin(line)] });
  }
}
