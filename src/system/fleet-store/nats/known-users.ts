/**
 * Whose credentials are valid: what this machine knows and what the servers have, each time brought together on both. So what was
 * ended stays ended when the servers lose their data.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { OneAtATime, SECOND_MS } from "../../../base/index.ts";
import {
  type ChangeSettings,
  type EndedUser,
  formatNatsSettings,
  type HostUsers,
  latestOf,
  mergeUsers,
  type NatsSettings,
  readNatsSettings,
  requireRoom,
} from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { endedOnServers, endOnServers } from "./account.ts";

interface Parts {
  readonly settings: NatsSettings;
  readonly fleet: string;
  /** Of this machine's settings. */
  readonly keep: ChangeSettings;
  /** A connection in the servers' own account. */
  readonly system: () => Promise<NatsConnection>;
}

const MOST_TRIES = 5;
const AGAIN_MS = SECOND_MS / 5;

type MakeUsers = (users: HostUsers, now: number) => HostUsers;

interface Batch {
  readonly makes: MakeUsers[];
  readonly done: Promise<number>;
}

const missingIn = (there: readonly EndedUser[], known: readonly EndedUser[]): EndedUser[] => {
  const at = new Map(there.map((one) => [one.key, one.at]));
  return known.filter((one) => (at.get(one.key) ?? -1) < one.at);
};

export class KnownUsers {
  readonly #parts: Parts;
  readonly #changes = new OneAtATime();
  /** Not begun yet. */
  #next: Batch | null = null;
  #users: HostUsers;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#users = parts.settings.users;
  }

  get now(): HostUsers {
    return this.#users;
  }

  /**
   * Changes that wait for another one are made together: the account's token may have a megabyte.
   * @returns how many credentials the servers had lost the end of @throws Error, FILE_FAILED
   */
  change(make: MakeUsers): Promise<number> {
    this.#next ??= this.#afterOthers();
    this.#next.makes.push(make);
    return this.#next.done;
  }

  #afterOthers(): Batch {
    const makes: MakeUsers[] = [];
    const done = this.#changes.run(() => {
      this.#next = null;
      return this.#changeAll(makes);
    });
    return { makes, done };
  }

  /** Kept here first: killed in between, this machine brings it to the servers the next time. */
  async #changeAll(makes: readonly MakeUsers[]): Promise<number> {
    const { settings, system } = this.#parts;
    const connection = await system();
    const there = await endedOnServers(connection, settings);
    const before = await this.#keep((users, now) => {
      const merged = mergeUsers(users, { current: [], ended: there }, now);
      return makes.reduce((all, make) => make(all, now), merged);
    });
    await this.#bring(connection, there);
    return missingIn(there, before.ended).length;
  }

  /** A server confirms a token that it then does not use, and another machine may send one at the same moment. */
  async #bring(system: NatsConnection, before: readonly EndedUser[]): Promise<void> {
    const { settings, fleet } = this.#parts;
    const { ended } = this.#users;
    let there = before;
    for (let tries = 0; missingIn(there, ended).length > 0; tries += 1) {
      if (tries === MOST_TRIES) throw new Error("it does not keep which credentials were ended");
      if (tries > 0) await pause(AGAIN_MS, AbortSignal.timeout(SECOND_MS));
      await endOnServers(system, settings, fleet, latestOf([...there, ...ended]));
      there = await endedOnServers(system, settings);
    }
  }

  /** Another command on this machine may have changed it. @returns what was known before */
  async #keep(make: MakeUsers): Promise<HostUsers> {
    const { settings, keep } = this.#parts;
    const now = Math.floor(Date.now() / SECOND_MS);
    let before = this.#users;
    // The fleet may have no store any more, and then nothing is kept.
    let after = make(before, now);
    await keep((text) => {
      const there = readNatsSettings({ settings: text });
      // The fleet has got another store meanwhile.
      const isOther = there.account !== settings.account;
      before = isOther ? this.#users : mergeUsers(there.users, this.#users, now);
      after = make(before, now);
      requireRoom(after);
      return isOther ? text : formatNatsSettings({ ...there, users: after });
    });
    this.#users = after;
    return before;
  }
}
