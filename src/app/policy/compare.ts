/** Compares two roles, each built in, from a file or from the gateway of a line. */
import type { Role } from "../../policy/index.ts";
import { type Compared, diffRoles, type RoleDiff } from "./diff-roles.ts";
import { findRoleAndSource } from "./find-role.ts";
import type { PolicyPorts } from "./ports.ts";

/** Of a file that has been checked. */
interface Source {
  readonly limits?: Readonly<Record<string, unknown>>;
  readonly binds?: readonly unknown[];
}

/** @param source that the role was made of, checked */
export function withSource(role: Role, source: unknown): Compared {
  const { limits = {}, binds = [] } = source as Source;
  return { role, limits, binds };
}

async function comparedOf(ports: PolicyPorts, line: string | undefined, text: string): Promise<Compared> {
  const { source, role } = await findRoleAndSource(ports, line, text);
  return withSource(role, source);
}

/** @param before @param after as `findRoleAndSource` takes them @throws FILE_FAILED, ROLE_FILE_BROKEN, ROLE_UNKNOWN, GATEWAY_… */
export async function compareRoles(
  ports: PolicyPorts,
  line: string | undefined,
  before: string,
  after: string,
): Promise<RoleDiff> {
  return diffRoles(await comparedOf(ports, line, before), await comparedOf(ports, line, after));
}
