/**
 * The roles there are: their names, what people read about them, and what gateway.json may say of each. The CLI loads
 * this at every start, so what a role may do is elsewhere: rules/NAME.ts.
 */
import { json } from "../../base/index.ts";

/** What gateway.json may say of a role, beside its name. */
export interface RoleOption<T> extends json.Field<T> {
  readonly optional: { readonly value: T };
  /** The value that lets the role do most. */
  readonly widest: T;
  /** For docs/reference/gateway.md. */
  readonly what: string;
}

export interface RoleFacts {
  readonly name: string;
  /** Goes on after "may": in tables and in help. */
  readonly may: string;
  /** Whether it may use the admin API, and may do whatever no rule knows. */
  readonly administers: boolean;
  readonly options: Readonly<Record<string, RoleOption<unknown>>>;
}

export const ROLES = [
  {
    name: "admin",
    may: "do everything, which means root on the host",
    administers: true,
    options: {},
  },
  {
    name: "builder",
    may: "pull, build and push images, and name and remove the images that they built, without containers",
    administers: false,
    options: {},
  },
  {
    name: "deployer",
    may: "pull and build images, and create and use their own containers, volumes and networks, without becoming root on the host",
    administers: false,
    options: {},
  },
  {
    name: "operator",
    may: "start, stop, enter and remove everybody's containers, prune, and create containers, volumes and networks like a deployer, without becoming root on the host",
    administers: false,
    options: {},
  },
  {
    name: "discovery",
    may: "see what a viewer may, and the values of labels, from which proxies and monitoring configure themselves",
    administers: false,
    options: {},
  },
  {
    name: "viewer",
    may: "list and inspect, without the values of variables, arguments and labels",
    administers: false,
    options: {
      logs: {
        read: json.flag,
        optional: { value: false },
        widest: true,
        what: "whether viewers may read containers' logs",
      },
    },
  },
] as const satisfies readonly RoleFacts[];

export type RoleName = (typeof ROLES)[number]["name"];

type FactsOf<Name extends RoleName> = Extract<(typeof ROLES)[number], { readonly name: Name }>;
type Read<Option> = Option extends { readonly read: json.Read<infer T> } ? T : never;

/** The options of a role, with a value for each. */
export type RoleOptions<Name extends RoleName> = {
  readonly [Key in keyof FactsOf<Name>["options"]]: Read<FactsOf<Name>["options"][Key]>;
};

/** A role as the configuration has it. */
export type RoleDefinition = { readonly [Name in RoleName]: Definition<Name> }[RoleName];

interface Definition<Name extends RoleName> {
  readonly name: Name;
  readonly options: RoleOptions<Name>;
}

export const ROLE_NAMES: readonly RoleName[] = ROLES.map(({ name }) => name);

/** Of whoever runs `up`. */
export const ADMIN_ROLE: RoleName = "admin";
/** The role of a client that is added without one: the one that may do least. */
export const DEFAULT_ROLE: RoleName = "viewer";

const ADMINISTERING: ReadonlySet<string> = new Set(
  ROLES.filter(({ administers }) => administers).map(({ name }) => name),
);

/** Whether clients with this role may change the client list. @param name of a role that may not exist */
export function administers(name: string): boolean {
  return ADMINISTERING.has(name);
}

function definitionOf(facts: RoleFacts, choose: (option: RoleOption<unknown>) => unknown): RoleDefinition {
  const options = Object.entries(facts.options).map(([key, option]) => [key, choose(option)]);
  return { name: facts.name, options: Object.fromEntries(options) } as RoleDefinition;
}

/** The role as it is when gateway.json says nothing of it. */
export function defaultRole(name: RoleName): RoleDefinition {
  return definitionOf(factsOf(name), ({ optional }) => optional.value);
}

/** The role with every option that lets it do more. */
export function widestRole(name: RoleName): RoleDefinition {
  return definitionOf(factsOf(name), ({ widest }) => widest);
}

function factsOf(name: RoleName): RoleFacts {
  const facts = ROLES.find((one) => one.name === name);
  if (facts === undefined) throw new Error(`there is no role ${name}`);
  return facts;
}
