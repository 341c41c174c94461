/** The roles that somebody has made: kept in one file, changed one at a time. */
import { json, OneAtATime, TetherdockError } from "../../base/index.ts";
import { bindConflicts, type OwnRole, readOwnRole } from "../../policy/index.ts";
import type { RoleStore } from "../ports.ts";

const MOST_ROLES = 100;

const readFile: json.Read<readonly OwnRole[]> = (value, at, complain) => {
  const read = json.object<{ version: number; roles: readonly OwnRole[] }>({
    version: { read: json.only(1) },
    roles: { read: json.list(readOwnRole, MOST_ROLES) },
  });
  const roles = read(value, at, complain)?.roles;
  const names = roles?.map(({ role }) => role.name) ?? [];
  for (const name of new Set(names.filter((one, index) => names.indexOf(one) < index)))
    complain("roles", `has ${name} twice`);
  return roles;
};

/** @param text undefined: there is no file yet @throws GATEWAY_ROLES_BROKEN */
export function parseOwnRoles(text: string | undefined, path: string): readonly OwnRole[] {
  if (text === undefined) return [];
  const read = json.read(text, readFile);
  if ("value" in read) return read.value;
  throw new TetherdockError("GATEWAY_ROLES_BROKEN", `cannot read the roles in ${path}`, {
    why: read.problems,
    hints: ["tetherdock policy apply FILE   # once for each role, on the laptop"],
  });
}

const format = (roles: readonly OwnRole[]): string =>
  `${JSON.stringify({ version: 1, roles: roles.map(({ source }) => source) }, null, 2)}\n`;

/** What became of a change. */
export type RoleChange = { readonly done: true } | { readonly problems: readonly string[] };

export class OwnRoles {
  readonly #store: RoleStore;
  readonly #onChange: (roles: readonly OwnRole[]) => void;
  #text: string | undefined | null = null;
  #roles: readonly OwnRole[] = [];
  readonly #turns = new OneAtATime();

  /** @param onChange puts the roles in force */
  constructor(store: RoleStore, onChange: (roles: readonly OwnRole[]) => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  get all(): readonly OwnRole[] {
    return this.#roles;
  }

  /** Whether the roles in force are the stored ones, or were once: not if the file was broken from the start. */
  get isKnown(): boolean {
    return this.#text !== null;
  }

  /** Puts the stored roles in force. @returns whether they changed @throws GATEWAY_ROLES_BROKEN, FILE_FAILED: those in force stay */
  refresh(): Promise<boolean> {
    return this.#turns.run(() => this.#read());
  }

  /** @param name as in the path of the call @param beside roles of the host's fleet that are in force */
  put(name: string, text: string, beside: readonly OwnRole[] = []): Promise<RoleChange> {
    return this.#turns.run(async () => {
      const read = json.read(text, readOwnRole);
      if ("problems" in read) return { problems: read.problems };
      if (read.value.role.name !== name) return { problems: ["the name is not the one in the path"] };
      await this.#read();
      const others = this.#roles.filter(({ role }) => role.name !== name);
      if (others.length >= MOST_ROLES) return { problems: [`there are already ${MOST_ROLES} roles`] };
      const problems = bindConflicts(read.value, [
        ...others,
        ...beside.filter(({ role }) => role.name !== name),
      ]);
      if (problems.length > 0) return { problems };
      await this.#write([...others, read.value]);
      return { done: true };
    });
  }

  /** @returns whether there was one */
  remove(name: string): Promise<boolean> {
    return this.#turns.run(async () => {
      await this.#read();
      const others = this.#roles.filter(({ role }) => role.name !== name);
      if (others.length === this.#roles.length) return false;
      await this.#write(others);
      return true;
    });
  }

  async #read(): Promise<boolean> {
    const text = await this.#store.read();
    if (text === this.#text) return false;
    const isFirst = this.#text === null;
    this.#roles = parseOwnRoles(text, this.#store.path);
    this.#text = text;
    this.#onChange(this.#roles);
    return !isFirst || this.#roles.length > 0;
  }

  async #write(roles: readonly OwnRole[]): Promise<void> {
    const sorted = roles.toSorted((one, other) => (one.role.name < other.role.name ? -1 : 1));
    const text = format(sorted);
    await this.#store.write(text);
    this.#text = text;
    this.#roles = sorted;
    this.#onChange(sorted);
  }
}
