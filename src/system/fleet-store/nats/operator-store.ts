/** A fleet's store in NATS JetStream, for the operator: keeps the list, hears receipts, and makes and ends hosts' credentials. */
import { randomBytes } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { TetherdockError } from "../../../base/index.ts";
import {
  answerSubject,
  askSecret,
  askSubject,
  type ChangeSettings,
  type Ended,
  type HostReceipt,
  hostsSubject,
  listSubject,
  MOST_ANSWER,
  MOST_MESSAGE,
  type OperatedStore,
  type OperatorStore,
  pack,
  proposalSubject,
  readNatsSettings,
  storeFailure,
  unheard,
  unpack,
} from "../../../fleet/index.ts";
import { type Allowance, noAllowance } from "./bounded-transport.ts";
import { connectTo, isRefused } from "./connect.ts";
import { HostCredentials } from "./host-credentials.ts";
import { KnownUsers } from "./known-users.ts";
import { Link } from "./link.ts";
import { publishList } from "./publish-list.ts";
import { rawRequest } from "./raw-request.ts";
import { HeardReceipts } from "./receipts/hear-receipts.ts";
import { lastReceipts } from "./receipts/last-receipts.ts";
import { ELECTED_MS, lastMessage, put, requireStreams, untilElected } from "./stream.ts";
import { operatorCredentials } from "./trust.ts";

/** Of a question: a host may answer more than once, and the servers pass three answers on before they end the subscription. */
const ANSWER_BYTES = 3 * (MOST_ANSWER + 4_096);
/** Of all questions: nobody knows when the rest of such answers comes. */
const MOST_ALLOWED = 32 * 1024 * 1024;

/** Of the fleet's account, for one change: as often as it may be asked for. */
const TOKENS_BYTES = 8 * MOST_MESSAGE;

const READING = "cannot read the receipts";

/** Connections that may end while one command hears receipts. */
const MOST_LOST = 5;

const INBOX = "_INBOX.operator";

class NatsOperatorStore implements OperatorStore {
  readonly #store: OperatedStore;
  readonly #fleet: string;
  readonly #allowance: Allowance = noAllowance();
  readonly #tokens: Allowance = noAllowance();
  readonly #askedAt: (host: string) => string;
  readonly #link: Link;
  /** In the servers' own account. */
  readonly #system: Link;
  readonly #credentials: HostCredentials;
  #streams: Promise<void> | null = null;

  constructor(store: OperatedStore, fleet: string, keep: ChangeSettings) {
    this.#store = store;
    this.#fleet = fleet;
    const settings = readNatsSettings(store);
    this.#askedAt = (host) => askSubject(fleet, host, askSecret(settings.account, fleet, host));
    this.#link = new Link(() => this.#open(settings.account, this.#allowance));
    // The others may be the ones that do not answer.
    this.#system = new Link(async () =>
      this.#open(settings.system, this.#tokens, (await this.#link.get()).getServer()),
    );
    const system = () => {
      this.#tokens.bytes = TOKENS_BYTES;
      return this.#system.get();
    };
    const users = new KnownUsers({ settings, fleet, keep, system });
    this.#credentials = new HostCredentials(settings, fleet, users);
  }

  publish(publication: string, version: number, hosts?: string): Promise<void> {
    return this.#do("cannot publish the fleet's list", async () => {
      const isThere = await untilElected(async () => {
        const connection = await this.#link.get();
        await this.#requireStreams(connection);
        return publishList(connection, this.#fleet, publication, version);
      });
      if (!isThere) throw new Error(`another machine has published another list as version ${version}`);
      if (hosts !== undefined) await this.#publishHosts(hosts);
    });
  }

  /** After the list: a machine whose list was refused must not replace this either. */
  #publishHosts(hosts: string): Promise<void> {
    return untilElected(async () => {
      const subject = hostsSubject(this.#fleet);
      await jetstream(await this.#link.get()).publish(subject, pack(hosts), { timeout: ELECTED_MS });
    });
  }

  publishedHosts(): Promise<string | null> {
    return this.#last(hostsSubject(this.#fleet), "cannot read the published hosts");
  }

  published(): Promise<string | null> {
    return this.#last(listSubject(this.#fleet), "cannot read the published list");
  }

  /** A text of nothing: the stream keeps the last message of each subject. */
  propose(proposal: string | null): Promise<void> {
    return this.#do("cannot publish the change that waits", async (connection) => {
      await this.#requireStreams(connection);
      await put(connection, proposalSubject(this.#fleet), pack(proposal ?? ""));
    });
  }

  async proposed(): Promise<string | null> {
    const text = await this.#last(proposalSubject(this.#fleet), "cannot read the change that waits");
    return text || null;
  }

  #last(subject: string, what: string): Promise<string | null> {
    return this.#do(what, async (connection) => {
      const found = await lastMessage(connection, this.#fleet, subject);
      return found && unpack(found.data);
    });
  }

  receipts(hosts: readonly string[], signal: AbortSignal): AsyncGenerator<readonly HostReceipt[], void> {
    // It listens before the list is published: the servers may put a receipt on the disk long after they have passed it on. If
    // there is no connection, whoever reads the receipts tries again, and says so.
    return this.#receipts(
      hosts,
      signal,
      this.#hear(hosts).catch(() => null),
    );
  }

  async #hear(hosts: readonly string[]): Promise<HeardReceipts> {
    return new HeardReceipts(await this.#link.get(), this.#fleet, hosts, this.#allowance);
  }

  /** A connection may end: what was written meanwhile is in the stream. */
  async *#receipts(
    hosts: readonly string[],
    signal: AbortSignal,
    early: Promise<HeardReceipts | null>,
  ): AsyncGenerator<readonly HostReceipt[], void> {
    let heard = (await early) ?? (await this.#do(READING, () => this.#hear(hosts)));
    for (let lost = 0; ; lost += 1) {
      signal.addEventListener("abort", heard.stop, { once: true });
      // While it connected.
      if (signal.aborted) heard.stop();
      try {
        if (!signal.aborted) yield* this.#lastIn(heard, hosts);
        yield* heard.batches();
      } finally {
        signal.removeEventListener("abort", heard.stop);
        heard.stop();
      }
      if (signal.aborted) return;
      if (lost === MOST_LOST) throw this.#failure(READING, "the connection ends again and again");
      const next = await this.#hearAgain(hosts, signal);
      if (next === null) return;
      heard = next;
    }
  }

  /** Nothing, if the connection ends meanwhile. */
  async *#lastIn(
    { connection }: HeardReceipts,
    hosts: readonly string[],
  ): AsyncGenerator<readonly HostReceipt[], void> {
    try {
      // A server alone that was started again has forgotten what it had in memory.
      await this.#requireStreams(connection);
      yield await lastReceipts(connection, this.#fleet, hosts, this.#allowance);
    } catch (error) {
      if (!connection.isClosed()) throw this.#failure(READING, (error as Error).message, error);
    }
  }

  /** @returns null: it was aborted */
  async #hearAgain(hosts: readonly string[], signal: AbortSignal): Promise<HeardReceipts | null> {
    try {
      return await untilElected(
        () => this.#hear(hosts),
        () => !signal.aborted,
      );
    } catch (error) {
      if (signal.aborted) return null;
      throw this.#failure(READING, (error as Error).message, error);
    }
  }

  readonly ask = (host: string, question: string, ms: number): Promise<string> =>
    this.#do(`cannot ask ${host}`, async (connection) => {
      const allowance = this.#allowance;
      allowance.bytes = Math.min(allowance.bytes + ANSWER_BYTES, MOST_ALLOWED);
      const reply = answerSubject(this.#fleet, host, randomBytes(16).toString("hex"));
      const data = await rawRequest(connection, this.#askedAt(host), question, { timeout: ms, reply });
      if (data.length === 0) throw unheard(host);
      return Buffer.from(data).toString("utf8");
    });

  admit(host: string): Promise<string> {
    return this.#do(`cannot make credentials for ${host}`, async (connection) => {
      await this.#requireStreams(connection);
      return this.#credentials.make(connection, host);
    });
  }

  expel(host: string): Promise<Ended> {
    return this.#do(`cannot end the credentials of ${host}`, (connection) =>
      this.#credentials.end(host, async () => {
        await this.#requireStreams(connection);
        return connection;
      }),
    );
  }

  endAgain(hosts: readonly string[], isShared: boolean): Promise<number> {
    return this.#do("cannot end again the credentials that were ended", async (connection) => {
      await this.#requireStreams(connection);
      return this.#credentials.endAgain(connection, hosts, isShared);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#link.close(), this.#system.close()]);
  }

  #failure(what: string, why: string, cause?: unknown) {
    return storeFailure(what, this.#store.address, why, { cause, isRefused: isRefused(cause) });
  }

  async #do<T>(what: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#link.get());
    } catch (error) {
      // This machine's own file: the store is well.
      if (error instanceof TetherdockError && error.code !== "FLEET_STORE_FAILED") throw error;
      throw this.#failure(what, (error as Error).message, error);
    }
  }

  async #open(account: string, allowance: Allowance, near: string | null = null): Promise<NatsConnection> {
    const credentials = await operatorCredentials(account);
    return connectTo(this.#store.address, { credentials, inbox: INBOX, allowance }, { near });
  }

  /** Once for all who wait for it. */
  #requireStreams(connection: NatsConnection): Promise<void> {
    const servers = this.#store.address.urls.length;
    this.#streams ??= requireStreams(connection, this.#fleet, servers).finally(() => {
      this.#streams = null;
    });
    return this.#streams;
  }
}

/** @param keep of this machine's settings; default: in memory only @throws FLEET_BROKEN */
export function openNatsOperatorStore(
  store: OperatedStore,
  fleet: string,
  keep: ChangeSettings = async (change) => {
    change(store.settings);
  },
): OperatorStore {
  return new NatsOperatorStore(store, fleet, keep);
}
