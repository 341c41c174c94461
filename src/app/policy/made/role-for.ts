/** The narrowest role file for a set of operations: nothing else is permitted, and what cannot be is told. */
import { json } from "../../../base/index.ts";
import { type Operation, operations } from "../../../engine/index.ts";
import {
  compileRole,
  defaultRole,
  type OwnRole,
  ROLE_NAMES,
  type Role,
  type RoleName,
  readOwnRole,
  type Standing,
  widestRole,
} from "../../../policy/index.ts";

/** What a role is to be made for. */
export interface Wanted {
  readonly name: string;
  readonly description: string;
  /** By their names in the Docker API. */
  readonly operations: ReadonlySet<string>;
  readonly standing: Standing;
  readonly limits?: Readonly<Record<string, unknown>>;
  /** Whether operations that nobody checks are listed in `allowAsRoot`; otherwise they are left out. */
  readonly asRoot?: boolean;
}

export interface MadeRole {
  readonly own: OwnRole;
  /** Operations that the role permits only after a look at the body, or at what the engine says. */
  readonly checked: readonly string[];
  /** Operations that only admins may call, since nothing checks them. In `allowAsRoot` if that was wanted. */
  readonly unchecked: readonly string[];
  /** Operations that are left out because only roles permit them whose decisions must not be taken. */
  readonly unserved: readonly string[];
}

const isDenied = (role: Role, operation: Operation): boolean =>
  role.decisions.get(operation)?.allow === false || !role.decisions.has(operation);

const served = (role: RoleName, operation: Operation): boolean =>
  !isDenied(compiled(role).byDefault, operation) || !isDenied(compiled(role).widest, operation);

const roles = new Map<RoleName, { readonly byDefault: Role; readonly widest: Role }>();

function compiled(name: RoleName) {
  const found = roles.get(name) ?? {
    byDefault: compileRole(defaultRole(name)),
    widest: compileRole(widestRole(name)),
  };
  roles.set(name, found);
  return found;
}

/** Roles whose decisions a role file can take: all but those that administer. */
const SERVING = ROLE_NAMES.filter((name) => !compiled(name).byDefault.admin);

/** Operations of one kind have a first word in common: `Container`, `Swarm`. */
const familyOf = ({ name }: Operation): string => /^[A-Z][a-z]+/.exec(name)?.[0] ?? name;

/** Kinds as globs where all of a kind is refused. */
function denyList(denied: readonly Operation[], wanted: ReadonlySet<string>): string[] {
  const open = new Set(operations.filter(({ name }) => wanted.has(name)).map(familyOf));
  const names = denied.map((operation) => {
    const family = familyOf(operation);
    // A glob that begins like a wanted kind would refuse it too.
    const isShut = ![...open].some((one) => one.startsWith(family));
    return isShut && denied.filter((one) => familyOf(one) === family).length > 1
      ? `${family}*`
      : operation.name;
  });
  return [...new Set(names)];
}

function baseOf({ standing: { bases }, operations: wanted }: Wanted): RoleName {
  const [least, ...others] = bases;
  const all = operations.filter(({ name }) => wanted.has(name));
  const servable = all.filter((operation) => bases.some((base) => served(base, operation)));
  const isEnough = (base: RoleName) => servable.every((operation) => served(base, operation));
  return bases.find(isEnough) ?? others.at(-1) ?? least;
}

/** What a role file says, without what is empty. */
function sourceFor(wanted: Wanted): Pick<MadeRole, "unchecked" | "unserved"> & { readonly source: unknown } {
  const base = baseOf(wanted);
  const isWanted = ({ name }: Operation) => wanted.operations.has(name);
  const byDefault = (operation: Operation) => !isDenied(compiled(base).byDefault, operation);
  const deny = denyList(
    operations.filter((operation) => byDefault(operation) && !isWanted(operation)),
    wanted.operations,
  );
  const missing = operations.filter((operation) => isWanted(operation) && !byDefault(operation));
  const servedBy = (names: readonly RoleName[]) =>
    missing.filter((operation) => names.some((name) => served(name, operation))).map(({ name }) => name);
  const servable = servedBy(SERVING);
  const allow = servedBy(wanted.standing.serving);
  const unchecked = missing.map(({ name }) => name).filter((name) => !servable.includes(name));
  const allowAsRoot = wanted.asRoot ? unchecked : [];
  const changes = Object.entries({ allow, allowAsRoot, deny }).filter(([, names]) => names.length > 0);
  const { name, description, limits = {} } = wanted;
  return {
    source: {
      ...{ version: 1, name, description, extends: base },
      ...(changes.length > 0 && { operations: Object.fromEntries(changes) }),
      ...(Object.keys(limits).length > 0 && { limits }),
    },
    unchecked,
    unserved: servable.filter((name) => !allow.includes(name)),
  };
}

/** @throws Error if the file would not be valid, or would permit anything else: a bug */
export function roleFor(wanted: Wanted): MadeRole {
  const { source, unchecked, unserved } = sourceFor(wanted);
  const read = json.read(JSON.stringify(source), readOwnRole);
  if ("problems" in read) throw new Error(`the role that was made is not valid: ${read.problems.join("; ")}`);
  const { role } = read.value;
  const permitted = operations.filter((operation) => !isDenied(role, operation));
  const wider = permitted.find(({ name }) => !wanted.operations.has(name));
  if (wider !== undefined) throw new Error(`the role that was made permits ${wider.name}`);
  const checked = permitted.filter((operation) => role.decisions.get(operation)?.allow === null);
  return { own: read.value, checked: checked.map(({ name }) => name), unchecked, unserved };
}
