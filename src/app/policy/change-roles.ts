/** Puts role files in force on a line's gateway, and removes roles. */
import { isDeepStrictEqual } from "node:util";
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { askClients, callLine, readDone } from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { keptRoles, showRole } from "../roles/index.ts";
import { checkFiles, sourceOf } from "./check-files.ts";
import type { PolicyPorts } from "./ports.ts";

/** What became of one file. */
export interface Applied {
  readonly name: string;
  readonly change: "new" | "changed" | "unchanged";
}

const pathOf = (name: string): string => `roles/${encodeURIComponent(name)}`;

/**
 * All files are checked before anything is sent.
 * @throws FILE_FAILED, ROLE_FILE_BROKEN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function applyFiles(
  ports: PolicyPorts,
  line: string | undefined,
  paths: readonly string[],
): Promise<readonly Applied[]> {
  const checked = await checkFiles(ports, paths);
  const own = (await keptRoles(ports, line)).filter(({ fleet }) => !fleet);
  const kept = new Map(own.map(({ name, source }) => [name, source]));
  const applied: Applied[] = [];
  for (const { own: wanted } of checked) {
    const { name } = wanted.role;
    const body = sourceOf(wanted);
    const before = kept.get(name);
    const change = before === undefined ? "new" : isDeepStrictEqual(before, body) ? "unchanged" : "changed";
    if (change !== "unchanged")
      await callLine(ports, line, { method: "PUT", path: pathOf(name), body }, readDone);
    applied.push({ name, change });
  }
  return applied;
}

/** @throws ROLE_UNKNOWN; ROLE_IN_USE with the clients that have it or are invited with it; GATEWAY_UNREACHABLE, GATEWAY_REFUSED */
export async function removeRole(ports: PolicyPorts, line: string | undefined, name: string): Promise<void> {
  await showRole(ports, line, name, "rm");
  const { clients, invitations, fleet } = await askClients(ports, line);
  // The gateway knows which of the fleet's clients have the fleet's role of that name then.
  const own = clients.filter((one) => !fleet.includes(one.name));
  const having = [...own, ...invitations].filter(({ role }) => role === name);
  if (having.length > 0)
    throw new TetherdockError("ROLE_IN_USE", `clients have the role ${name}`, {
      why: [
        `they are ${having
          .slice(0, 20)
          .map((one) => quoteForeign(one.name))
          .join(", ")}`,
      ],
      hints: [
        ...own
          .filter(({ role }) => role === name)
          .slice(0, 1)
          .map((one) => shellJoin(["tetherdock", "client", "role", one.name, "ROLE", ...lineOption(line)])),
        shellJoin(["tetherdock", "client", "ls", ...lineOption(line)]),
      ],
    });
  await callLine(ports, line, { method: "DELETE", path: pathOf(name) }, readDone);
}
