/** Compares two roles, each built in or from a file. */

import { compileRole, defaultRole, ROLE_NAMES } from "../../policy/index.ts";
import { checkFiles } from "./check-files.ts";
import { type Compared, diffRoles, type RoleDiff } from "./diff-roles.ts";
import type { FilePorts } from "./ports.ts";

async function comparedOf(ports: FilePorts, text: string): Promise<Compared> {
  const builtIn = ROLE_NAMES.find((name) => name === text);
  if (builtIn !== undefined) return { role: compileRole(defaultRole(builtIn)), limits: {} };
  const [checked] = await checkFiles(ports, [text]);
  const { source, role } = (checked as NonNullable<typeof checked>).own;
  return { role, limits: (source as { readonly limits?: Readonly<Record<string, unknown>> }).limits ?? {} };
}

/** @param before @param after a built-in role, or the path of a role file @throws FILE_FAILED, ROLE_FILE_BROKEN */
export async function compareRoles(ports: FilePorts, before: string, after: string): Promise<RoleDiff> {
  return diffRoles(await comparedOf(ports, before), await comparedOf(ports, after));
}
