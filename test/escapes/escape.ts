/** Attempts of a deployer to become root on the host, or to reach somebody else's containers. */
import type { Call } from "../support/gateway/api-caller.ts";
import type { Release } from "../support/host.ts";

/** A request. In `target` and `body`: `{victim}` a name, `{id}` and `{prefix}` of it, `{exec}` in it, `{mine}`. */
export type Attempt = Call;

/** What shows that it works for an admin, besides a status below 400. */
export interface Proof {
  /** What inspect shows of the new container. */
  readonly shows?: object;
  /** What the new container prints. */
  readonly prints?: string;
  /** What the answer contains. */
  readonly answers?: string;
  /** What an admin no longer finds there afterwards. */
  readonly removes?: string;
}

/** What happens before an attempt. Failures are ignored: the swarm may be there already. */
export interface Step extends Attempt {
  /** The same client as the attempt's, or an admin. */
  readonly by: "self" | "admin";
}

export interface Escape {
  readonly name: string;
  readonly before?: readonly Step[];
  readonly attempt: Attempt;
  readonly proof: Proof;
  /** What the refusal says: its check, or that no such container exists. */
  readonly refusal: string;
  /** The first Engine that no longer reads it. */
  readonly until?: number;
  /** It is allowed, and shows or removes nothing of others. */
  readonly filtered?: boolean;
  /** It changes its container, so the next attempt needs a new one; `spare`: it removes what no container uses. */
  readonly spoils?: boolean | "spare";
}

/** The Engine that a release has. */
const ENGINE: Readonly<Record<Release, number>> = { bookworm: 20, trixie: 26, forky: 28 };

/** @returns those that the Engine of a release still does */
export function doneOn<T extends { readonly until?: number }>(release: Release, escapes: readonly T[]): T[] {
  return escapes.filter(({ until = Number.POSITIVE_INFINITY }) => ENGINE[release] < until);
}

/** A file on the host that only root can read. */
export const HOST_FILE = "/root/of-the-host";
export const HOST_SECRET = "only root on the host reads this";
/** An admin's volume that binds the host's /root, and somebody else's network. */
export const HOST_VOLUME = "hostroot";
export const OTHERS_NETWORK = "others";
/** The value of a variable in the victim's container. */
export const VICTIM_SECRET = "hunter2";

/** The values of the placeholders. */
export type Places = Readonly<Record<string, string>>;

/** @returns the attempt or proof with its placeholders replaced */
export function filled<T extends object>(value: T, places: Places): T {
  const text = JSON.stringify(value).replace(/\{(\w+)\}/g, (whole, name: string) => places[name] ?? whole);
  return { ...value, ...(JSON.parse(text) as T) };
}
