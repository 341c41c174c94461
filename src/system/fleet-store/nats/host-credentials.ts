/** Makes and ends the credentials of a fleet's hosts, and ends again what the servers have lost. */
import type { NatsConnection } from "@nats-io/transport-node";
import {
  allKeys,
  type Ended,
  endHost,
  endOthers,
  type HostUser,
  type HostUsers,
  hostOfKey,
  keySubject,
  mergeUsers,
  type NatsSettings,
  receiptSubject,
  USER_KEY,
} from "../../../fleet/index.ts";
import type { KnownUsers } from "./known-users.ts";
import { lastMessage, lastMessages, purge, put, subjectsIn } from "./stream.ts";
import { formatHostKey, hostCredentials, readHostKey } from "./trust.ts";

export class HostCredentials {
  readonly #settings: NatsSettings;
  readonly #fleet: string;
  readonly #users: KnownUsers;

  constructor(settings: NatsSettings, fleet: string, users: KnownUsers) {
    this.#settings = settings;
    this.#fleet = fleet;
    this.#users = users;
  }

  /** @returns the credentials' file */
  async make(connection: NatsConnection, host: string): Promise<string> {
    const theirs = await this.#ofHost(connection, host);
    const { credentials, user } = await hostCredentials(this.#settings, this.#fleet, host);
    await this.#users.change((users, now) => {
      const ended = endHost(mergeUsers(users, theirs(users, now), now), host, now);
      return { ...ended, current: [...ended.current, user] };
    });
    await this.#tell(connection, user);
    return credentials;
  }

  /**
   * What this machine knows of comes first. That needs no JetStream, which a host that floods its receipt can hold up.
   * @param opened a connection to servers that have the streams
   */
  async end(host: string, opened: () => Promise<NatsConnection>): Promise<Ended> {
    const isKnown = await this.#endKnown(host);
    try {
      return (await this.#endFound(await opened(), host)) || isKnown ? "ended" : this.#unfound();
    } catch (error) {
      // If another machine made some that are still in the stream, a later list ends them.
      if (isKnown && this.#users.now.isWhole) return "ended";
      throw error;
    }
  }

  #unfound(): Ended {
    return this.#users.now.isWhole ? "none" : "unknown";
  }

  async #endKnown(host: string): Promise<boolean> {
    let isKnown = false;
    await this.#users.change((users, now) => {
      isKnown = users.current.some((one) => one.host === host);
      return endHost(users, host, now);
    });
    return isKnown;
  }

  /** @returns whether the stream knew of credentials */
  async #endFound(connection: NatsConnection, host: string): Promise<boolean> {
    const theirs = await this.#ofHost(connection, host);
    let isFound = false;
    await this.#users.change((users, now) => {
      const more = theirs(users, now);
      isFound = more.current.length + more.ended.length > 0;
      return endHost(mergeUsers(users, more, now), host, now);
    });
    await purge(connection, this.#fleet, [keySubject(this.#fleet, host), receiptSubject(this.#fleet, host)]);
    return isFound;
  }

  /**
   * @param hosts that are on the list @param isShared whether other operators' machines make credentials too
   * @returns how many credentials the servers had lost the end of
   */
  async endAgain(connection: NatsConnection, hosts: readonly string[], isShared: boolean): Promise<number> {
    const own = new Set(this.#users.now.current.map(({ host }) => host));
    const there = await this.#inStream(connection, (host) => isShared || !own.has(host));
    const onList = new Set(hosts);
    const lost = await this.#users.change((users, now) =>
      // Not those that it learns of just now: their hosts may be on a list that this machine does not have yet.
      mergeUsers(endOthers(users, onList, now), { current: there, ended: [] }, now),
    );
    await this.#tellMissing(connection, there);
    return lost;
  }

  /** What other operators do not find in the stream, because the servers have lost it. */
  async #tellMissing(connection: NatsConnection, there: readonly HostUser[]): Promise<void> {
    const subjects = new Set(await subjectsIn(connection, this.#fleet, allKeys(this.#fleet)));
    const keys = new Map(there.map((one) => [one.host, one.key]));
    for (const user of this.#users.now.current) {
      const isThere = subjects.has(keySubject(this.#fleet, user.host));
      const key = keys.get(user.host);
      if (!isThere || (key !== undefined && key !== user.key)) await this.#tell(connection, user);
    }
  }

  #tell(connection: NatsConnection, user: HostUser): Promise<void> {
    return put(
      connection,
      keySubject(this.#fleet, user.host),
      formatHostKey(this.#settings, this.#fleet, user),
    );
  }

  async #inStream(connection: NatsConnection, isWanted: (host: string) => boolean): Promise<HostUser[]> {
    const hostOf = (subject: string) => hostOfKey(this.#fleet, subject);
    const all = await lastMessages(connection, this.#fleet, allKeys(this.#fleet), {
      isWanted: (subject) => isWanted(hostOf(subject)),
    });
    const known = new Map(this.#users.now.current.map((one) => [one.host, one]));
    return all.flatMap((one) => {
      const host = hostOf(one.subject);
      return (
        readHostKey(this.#settings, this.#fleet, host, Buffer.from(one.data).toString(), known.get(host)) ??
        []
      );
    });
  }

  /** @returns what the stream says of the host's credentials, by what this machine knows */
  async #ofHost(connection: NatsConnection, host: string) {
    const message = await lastMessage(connection, this.#fleet, keySubject(this.#fleet, host));
    const text = message?.string() ?? "";
    const user = readHostKey(this.#settings, this.#fleet, host, text);
    return ({ current }: HostUsers, now: number): Omit<HostUsers, "isWhole"> => {
      if (user !== null) return { current: [user], ended: [] };
      // Nobody signed it before; a server could give the key of another host.
      const isOld = USER_KEY.test(text) && !current.some(({ key }) => key === text);
      return { current: [], ended: isOld ? [{ key: text, at: now }] : [] };
    };
  }
}
