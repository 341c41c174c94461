/** What a limit of a role file is: a setting, and what it checks of which requests. */
import type { JsonObject } from "../../body/json/value.ts";
import { type Member, object, oneOf, optional, type Shape } from "../shape.ts";

/** `warn` lets the request through and says so to the caller; `audit` says so in the audit log only. */
export type Mode = "enforce" | "warn" | "audit";

export interface Setting {
  readonly mode: Mode;
}

/** A request that the role's own rules let through. */
export interface Asked {
  /** The body as dockerd gets it, names spelled as in Docker's documentation; empty: no body. */
  readonly fields: JsonObject;
  readonly query: URLSearchParams;
  /** Of the path, by their names. */
  readonly params: Readonly<Record<string, string>>;
}

/** @returns why the request exceeds the limit: the end of a sentence, with what to change; null: it does not */
export type Check = (asked: Asked) => string | null;

export interface Limit<T extends Setting> {
  readonly shape: Shape<T>;
  /** By the operation's name. */
  readonly checks: (setting: T) => Readonly<Record<string, Check>>;
  /** The operation without which the limit has no effect, and what it does: the end of a sentence. */
  readonly needs: readonly [operation: string, what: string];
  /** Operations that make the limit pointless, where a role may call them. */
  readonly evadedBy: readonly string[];
}

type Members<T> = { readonly [K in keyof T]-?: Member<T[K]> };

/** @param members besides the mode, which every limit has */
export function limitShape<T extends object>(members: Members<T>): Shape<T & Setting> {
  const mode: Member<Mode> = optional(
    "enforce refuses; warn lets through, and tells the caller and the audit log; audit tells the audit log only",
    "enforce",
    oneOf<Mode>("enforce", "warn", "audit"),
  );
  return object<T & Setting>({ mode, ...members } as unknown as Members<T & Setting>);
}

/** A value in a message, not longer than one line. */
export const quoted = (text: string): string => JSON.stringify(text).slice(0, 200);

export const CREATES = ["ContainerCreate", "create containers"] as const;

/** Operations of a swarm, which run containers on every node, and are not checked. */
export const SERVICES = ["ServiceCreate", "ServiceUpdate"] as const;
