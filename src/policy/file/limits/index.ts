/** The limits that a role file may set, by their names there. */
import { type Member, optional } from "../shape.ts";
import { type Images, images } from "./images.ts";
import type { Limit, Setting } from "./limit.ts";

export type { Asked, Check, Mode } from "./limit.ts";

/** null: not limited. */
export interface Limits {
  readonly images: Images | null;
}

export const LIMITS: { readonly [Name in keyof Limits]: Limit<NonNullable<Limits[Name]>> } = { images };

const WHAT: Readonly<Record<keyof Limits, string>> = {
  images: "Which images may be pulled and run",
};

export const LIMIT_NAMES = Object.keys(LIMITS) as readonly (keyof Limits)[];

/** A member for each limit: a missing one is null. */
export const limitMembers = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, optional<Setting | null>(WHAT[name], null, LIMITS[name].shape as never)]),
) as { readonly [Name in keyof Limits]: Member<Limits[Name]> };
