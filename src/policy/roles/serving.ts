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

/** Roles for whoever acts on this, the one that may do least first. */
export interface Standing {
  /** That a role file may extend. */
  readonly bases: readonly [RoleName, ...RoleName[]];
  /** Whose decisions may be taken for what the extended role does not permit. */
  readonly serving: readonly RoleName[];
}

const ON_ALL: readonly RoleName[] = ROLE_NAMES.filter((name) => !administers(name));
const ON_OWN: readonly RoleName[] = ON_ALL.filter((name) => name !== "operator");

/** These look at who made a thing. */
const OWNERS_ONLY: readonly RoleName[] = ON_OWN.filter((name) => name !== "viewer" && name !== "discovery");

/**
 * What built-in roles do for those who only read, with labels; who act on their own things, perhaps seeing others'; who know
 * nothing but their own; and who act on everybody's.
 */
export const STANDINGS = {
  reads: { bases: ["discovery"], serving: ON_OWN },
  own: { bases: ["deployer"], serving: ON_OWN },
  ownOnly: { bases: ["deployer"], serving: OWNERS_ONLY },
  everybodys: { bases: ["operator"], serving: ON_ALL },
} as const satisfies Readonly<Record<string, Standing>>;

/**
 * The roles for a client whose requests these rules have permitted.
 * @param rules of audit records @param acts whether it does more than read
 */
export function standingOf(rules: ReadonlySet<string>, acts: boolean): Standing {
  const all = [...rules];
  const named = ROLE_NAMES.filter(
    (name) => !administers(name) && all.some((rule) => rule.startsWith(`${name}-`)),
  );
  const isUnchecked = all.some((rule) => administers(rule) || rule === "role-as-root");
  const [only] = named;
  if (!isUnchecked && only !== undefined && named.length === 1)
    return { bases: [only], serving: [...new Set([...ON_OWN, only])] };
  if (!acts) return { bases: ["viewer", ...STANDINGS.reads.bases], serving: ON_ALL };
  const isOfAll =
    isUnchecked || named.some((name) => STANDINGS.everybodys.bases.some((base) => base === name));
  return isOfAll ? STANDINGS.everybodys : STANDINGS.own;
}
