/**
 * Whose NATS credentials are valid and whose were ended, as one operator's machine knows it. The servers know it too, but they may
 * lose it. Knowledge of two machines is merged: what one of them has seen ended stays ended.
 */
import { json } from "../../base/index.ts";
import { MOST_HOSTS } from "../fleet-list.ts";
import { readHostName } from "../store/receipt.ts";

/** The credentials that a host has. Times are seconds since the epoch, as in NATS. */
export interface HostUser {
  readonly host: string;
  /** Public: it revokes them. */
  readonly key: string;
  readonly issued: number;
}

export interface EndedUser {
  readonly key: string;
  /** What was issued until then is refused. */
  readonly at: number;
}

export interface HostUsers {
  readonly current: readonly HostUser[];
  readonly ended: readonly EndedUser[];
  /** Whether it was kept since the account was made: a host that is not in it has none that this machine has made. */
  readonly isWhole: boolean;
}

/** A host may leave at any time, and another machine learns of it later. */
const MOST_CURRENT = 2 * MOST_HOSTS;
/** Nothing ends by itself, so none can be left out. The account's token has them all, in a message of 2 MiB. */
export const MOST_ENDED = 10_000;

export const NO_USERS: HostUsers = { current: [], ended: [], isWhole: true };
/** Of settings that were written before anything was kept. */
export const UNKNOWN_USERS: HostUsers = { ...NO_USERS, isWhole: false };

export const USER_KEY = /^U[A-Z2-7]{55}$/;
const key = { read: json.matching(USER_KEY, "the public key of a user, U…") };

export const readHostUsers = json.object<HostUsers>({
  current: {
    read: json.list(
      json.object<HostUser>({ host: { read: readHostName }, key, issued: { read: json.number } }),
      MOST_CURRENT,
    ),
  },
  ended: { read: json.list(json.object<EndedUser>({ key, at: { read: json.number } }), MOST_ENDED) },
  isWhole: { read: json.flag },
});

function timesOf(all: readonly EndedUser[]): Map<string, number> {
  const ended = new Map<string, number>();
  for (const { key: user, at } of all) ended.set(user, Math.max(at, ended.get(user) ?? 0));
  return ended;
}

const fromTimes = (ended: ReadonlyMap<string, number>): EndedUser[] =>
  [...ended].map(([user, at]) => ({ key: user, at }));

/** Each once, with the last time. */
export const latestOf = (all: readonly EndedUser[]): EndedUser[] => fromTimes(timesOf(all));

/** Two machines that have made credentials for one host in the same second choose the same ones. */
const isLater = (one: HostUser, other: HostUser): boolean =>
  one.issued === other.issued ? one.key > other.key : one.issued > other.issued;

/** A clock that was ahead must not outlive the end. */
const endOf = ({ key: user, issued }: HostUser, now: number): EndedUser => ({
  key: user,
  at: Math.max(now, issued),
});

/** A host has one: what it had before is ended. @param now seconds since the epoch */
export function mergeUsers(one: HostUsers, other: Omit<HostUsers, "isWhole">, now: number): HostUsers {
  const ended = timesOf([...one.ended, ...other.ended]);
  const current = new Map<string, HostUser>();
  for (const user of [...one.current, ...other.current].filter((each) => !ended.has(each.key))) {
    const there = current.get(user.host);
    const isNew = there === undefined || isLater(user, there);
    if (isNew) current.set(user.host, user);
    const before = isNew ? there : user;
    if (before === undefined || before.key === current.get(user.host)?.key) continue;
    const end = endOf(before, now);
    ended.set(end.key, end.at);
  }
  return {
    current: [...current.values()],
    ended: fromTimes(ended),
    isWhole: one.isWhole,
  };
}

/** @param goes whose credentials end */
function endUsers(users: HostUsers, goes: (user: HostUser) => boolean, now: number): HostUsers {
  const gone = users.current.filter(goes);
  if (gone.length === 0) return users;
  return {
    ...users,
    current: users.current.filter((one) => !gone.includes(one)),
    ended: [...users.ended, ...gone.map((one) => endOf(one, now))],
  };
}

export const endHost = (users: HostUsers, host: string, now: number): HostUsers =>
  endUsers(users, (one) => one.host === host, now);

/** Another operator let a host leave, and did not know which credentials it had. @param hosts that are on the list */
export const endOthers = (users: HostUsers, hosts: ReadonlySet<string>, now: number): HostUsers =>
  endUsers(users, (one) => !hosts.has(one.host), now);

/** @throws Error */
export function requireRoom({ current, ended }: HostUsers): void {
  if (ended.length > MOST_ENDED)
    throw new Error(
      `${MOST_ENDED} credentials of hosts were ended, and more cannot be; give the fleet a new store`,
    );
  if (current.length > MOST_CURRENT)
    throw new Error(`it has credentials for more than ${MOST_CURRENT} hosts`);
}
