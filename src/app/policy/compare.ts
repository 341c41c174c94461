/** Compares two roles, each built in or from a file. */
import { type Compared, diffRoles, type RoleDiff } from "./diff-roles.ts";
import { builtInRole, roleInFile } from "./find-role.ts";
import type { PolicyPorts } from "./ports.ts";

/** Of a file that has been checked. */
interface Source {
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly binds?: readonly unknown[];
}

type Ports = Pick<PolicyPorts, "readText">;

async function comparedOf(ports: Ports, text: string): Promise<Compared> {
  const builtIn = builtInRole(text);
  if (builtIn !== undefined) return { role: builtIn, limits: {}, binds: [] };
  const { source, role } = await roleInFile(ports, text);
  const { limits = {}, binds = [] } = source as Source;
  return { role, limits, binds };
}

/** @param before @param after a built-in role, or the path of a role file @throws FILE_FAILED, ROLE_FILE_BROKEN */
export async function compareRoles(ports: Ports, before: string, after: string): Promise<RoleDiff> {
  return diffRoles(await comparedOf(ports, before), await comparedOf(ports, after));
}
