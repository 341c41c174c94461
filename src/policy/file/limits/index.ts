/** The limits that a role file may set, by their names there. */
import { type Member, optional } from "../shape.ts";
import { type Images, images } from "./images.ts";
import { type Labels, labels } from "./labels.ts";
import type { Limit, Setting } from "./limit.ts";
import { type Networks, networks } from "./networks.ts";
import { type Ports, ports } from "./ports.ts";
import { type Capabilities, capabilities, type Restart, restart, type Users, users } from "./privileges.ts";
import { type Registries, registries } from "./registries.ts";
import { type Resources, resources } from "./resources.ts";

export type { Asked, Check, Mode } from "./limit.ts";

/** null: not limited. */
export interface Limits {
  readonly images: Images | null;
  readonly registries: Registries | null;
  readonly ports: Ports | null;
  readonly resources: Resources | null;
  readonly labels: Labels | null;
  readonly capabilities: Capabilities | null;
  readonly users: Users | null;
  readonly restart: Restart | null;
  readonly networks: Networks | null;
}

export const LIMITS: { readonly [Name in keyof Limits]: Limit<NonNullable<Limits[Name]>> } = {
  ...{ images, registries, ports, resources, labels, capabilities, users, restart, networks },
};

const WHAT: Readonly<Record<keyof Limits, string>> = {
  images: "Which images may be pulled and run",
  registries: "Where images may be pushed to",
  ports: "Which ports of the host may be published",
  resources: "How much memory, processor time and how many processes a container has to be limited to",
  labels: "Which labels a container must have",
  capabilities: "Which capabilities a container may keep",
  users: "Which users containers may run as",
  restart: "Which restart policies containers may have",
  networks: "Which networks containers may join",
};

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly (keyof Limits)[];

/** A member for each limit: a missing one is null. */
export const limitMembers = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, optional<Setting | null>(WHAT[name], null, LIMITS[name].shape as never)]),
) as unknown as { readonly [Name in keyof Limits]: Member<Limits[Name]> };
