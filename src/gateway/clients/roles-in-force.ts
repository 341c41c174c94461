/** The roles in force: the built-in ones, and those that somebody has made. A role that stays the same stays the same object. */
import { isDeepStrictEqual } from "node:util";
import { compileRole, type OwnRole, type Role, type RoleDefinition } from "../../policy/index.ts";

interface Known {
  /** What the role was made from. */
  readonly source: unknown;
  readonly role: Role;
}

type All = ReadonlyMap<string, Known>;

/** Connections are cut when their role is another object, so the roles that did not change have to be kept. */
function merged(before: All, after: Iterable<Known>): All {
  const known = [...after].map((one): [string, Known] => {
    const same = before.get(one.role.name);
    return [one.role.name, same !== undefined && isDeepStrictEqual(same.source, one.source) ? same : one];
  });
  return new Map(known);
}

export class RolesInForce {
  #builtIn: All = new Map();
  #own: All = new Map();

  constructor(definitions: readonly RoleDefinition[]) {
    this.setBuiltIn(definitions);
  }

  get(name: string): Role | undefined {
    return (this.#builtIn.get(name) ?? this.#own.get(name))?.role;
  }

  setBuiltIn(definitions: readonly RoleDefinition[]): void {
    const made = definitions.map((source) => ({ source, role: compileRole(source) }));
    this.#builtIn = merged(this.#builtIn, made);
  }

  setOwn(roles: readonly OwnRole[]): void {
    this.#own = merged(this.#own, roles);
  }
}
