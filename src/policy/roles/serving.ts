/** Which built-in role decides on an operation that a role file adds. */
import {
  administers,
  defaultRole,
  ROLE_NAMES,
  type RoleDefinition,
  type RoleName,
  widestRole,
} from "./catalogue.ts";

/** The role that may do least comes first. Roles that are not here come after these. */
const LEAST_FIRST: readonly string[] = ["viewer", "builder", "deployer"];

const rank = (name: string): number => {
  const at = LEAST_FIRST.indexOf(name);
  return at < 0 ? LEAST_FIRST.length : at;
};

/** @returns the role itself with its defaults; then, for what it may not call, with its options, and the others */
export function definitionsThatServe(base: RoleName): RoleDefinition[] {
  const others = ROLE_NAMES.filter((name) => name !== base && !administers(name)).toSorted(
    (one, other) => rank(one) - rank(other),
  );
  return [defaultRole(base), widestRole(base), ...others.map(widestRole)];
}
