/** Gives a client another role. Its key, its certificate and its things stay. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { setClientRole } from "../../identity/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";
import type { Receipt } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { requireRole } from "./add-client.ts";
import { callChange, knownClients } from "./change-client.ts";
import type { RolePorts } from "./ports.ts";

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
  ports: RolePorts,
  line: string | undefined,
  name: string,
  role: string,
): Promise<Receipt | null> {
  const { clients } = await knownClients(ports, "role", line, name, role);
  const again = (near: string) => ["tetherdock", "client", "role", name, near, ...lineOption(line)];
  await requireRole(ports, await pickLine(ports, line), role, again);
  return callChange(ports, line, clients, {
    call: { method: "POST", path: `clients/${encodeURIComponent(name)}/role`, body: { role } },
    ends: setClientRole(name, role),
    ours: () => ownRole(line, name, role),
  });
}
