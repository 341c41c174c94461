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

const problemsOf = (read: ReadRole, others: readonly OwnRole[]): readonly string[] =>
  "problems" in read ? read.problems : bindConflicts(read.value, others);

/** Compiling a role takes milliseconds, and a list comes with every change of a client. */
export class FleetRoleReader {
  #read: ReadonlyMap<string, ReadRole> = new Map();

  /** @param roles of the fleet's list */
  judge(roles: readonly FleetRole[], { isKnown, all: own }: HostRoles): RolesOfFleet {
    const texts = roles.map((one) => JSON.stringify(one));
    this.#read = new Map(texts.map((text) => [text, this.#read.get(text) ?? json.read(text, readOwnRole)]));
    const inForce: OwnRole[] = [];
    const hidden: string[] = [];
    const unusable: { name: string; why: string }[] = [];
    for (const [at, { name }] of roles.entries()) {
      const read = this.#read.get(texts[at] ?? "") as ReadRole;
      const why = isKnown ? problemsOf(read, [...own, ...inForce]) : [UNKNOWN];
      if (own.some(({ role }) => role.name === name)) hidden.push(name);
      else if ("value" in read && why.length === 0) inForce.push(read.value);
      else unusable.push({ name, why: why.join("; ").slice(0, MOST_WHY) });
    }
    return { inForce, hidden, unusable };
  }
}
