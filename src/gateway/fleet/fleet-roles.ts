/** The roles that a host's fleet brings: read through the same door as the host's own, which come first. */
import { json } from "../../base/index.ts";
import type { FleetRole } from "../../fleet/index.ts";
import { bindConflicts, type OwnRole, readOwnRole } from "../../policy/index.ts";

export interface HostRoles {
  /** false: its file was broken from the start. A fleet's role must not take the place of a narrower one. */
  readonly isKnown: boolean;
  readonly all: readonly OwnRole[];
}

export interface RolesOfFleet {
  readonly inForce: readonly OwnRole[];
  /** Not in force, because the host has a role of its own with that name. */
  readonly hidden: readonly string[];
  /** Not in force, and whoever has one is refused. */
  readonly unusable: readonly { readonly name: string; readonly why: string }[];
}

const MOST_WHY = 300;

type ReadRole = { readonly value: OwnRole } | { readonly problems: readonly string[] };

const UNKNOWN = "the host's own roles cannot be read";

const problemsOf = (one: ReadRole, others: readonly OwnRole[]): readonly string[] =>
  "problems" in one ? one.problems : bindConflicts(one.value, others);

const read = (text: string): ReadRole => json.read(text, readOwnRole);

/** Reading a role takes one or two milliseconds, and a list comes with every change of a client. */
export class FleetRoleReader {
  #read: ReadonlyMap<string, ReadRole> = new Map();

  /** Reads what is new. Between two roles, others get their turn. @param roles of a list that is about to be in force */
  async prepare(roles: readonly FleetRole[]): Promise<void> {
    const known = new Map(this.#read);
    for (const text of roles.map((one) => JSON.stringify(one))) {
      if (known.has(text)) continue;
      known.set(text, read(text));
      await new Promise(setImmediate);
    }
    this.#read = known;
  }

  /**
   * In order of their names, in whatever order they were signed: of two that conflict, the same one is in force on every host.
   * @param listed roles of the fleet's list
   */
  judge(listed: readonly FleetRole[], { isKnown, all: own }: HostRoles): RolesOfFleet {
    const roles = listed.toSorted((one, other) => (one.name < other.name ? -1 : 1));
    const texts = roles.map((one) => JSON.stringify(one));
    this.#read = new Map(texts.map((text) => [text, this.#read.get(text) ?? read(text)]));
    const inForce: OwnRole[] = [];
    const hidden: string[] = [];
    const unusable: { name: string; why: string }[] = [];
    for (const [at, { name }] of roles.entries()) {
      const one = this.#read.get(texts[at] ?? "") as ReadRole;
      const why = isKnown ? problemsOf(one, [...own, ...inForce]) : [UNKNOWN];
      if (own.some(({ role }) => role.name === name)) hidden.push(name);
      else if ("value" in one && why.length === 0) inForce.push(one.value);
      else unusable.push({ name, why: why.join("; ").slice(0, MOST_WHY) });
    }
    return { inForce, hidden, unusable };
  }
}
