/** A fleet's store in NATS JetStream, for the operator: keeps the list, hears receipts, and makes and ends hosts' credentials. */
import { randomBytes } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { TetherdockError } from "../../../base/index.ts";
import {
  allReceipts,
  answerSubject,
  askSubject,
  type ChangeSettings,
  type Ended,
  type HostReceipt,
  hostsSubject,
  listSubject,
  MOST_ANSWER,
  MOST_MESSAGE,
  MOST_RECEIPT,
  type OperatedStore,
  type OperatorStore,
  pack,
  proposalSubject,
  readNatsSettings,
  readReceipt,
  receiptSubject,
  storeFailure,
  unpack,
} from "../../../fleet/index.ts";
import type { Allowance } from "./bounded-transport.ts";
import { connectTo } from "./connect.ts";
import { HostCredentials } from "./host-credentials.ts";
import { KnownUsers } from "./known-users.ts";
import { Link } from "./link.ts";
import { ELECTED_MS, lastMessage, lastMessages, put, requireStream, untilElected } from "./stream.ts";
import { operatorCredentials } from "./trust.ts";

/** Of an answer with its subjects. */
const ANSWER_BYTES = MOST_ANSWER + 4_096;

/** Of the fleet's account, for one change: as often as it may be asked for. */
const TOKENS_BYTES = 8 * MOST_MESSAGE;

const INBOX = "_INBOX.operator";

class NatsOperatorStore implements OperatorStore {
  readonly #store: OperatedStore;
  readonly #fleet: string;
  readonly #allowance: Allowance = { bytes: 0 };
  readonly #tokens: Allowance = { bytes: 0 };
  /** Questions without an answer yet. */
  #asked = 0;
  readonly #link: Link;
  /** In the servers' own account. */
  readonly #system: Link;
  readonly #credentials: HostCredentials;
  #stream: Promise<void> | null = null;

  constructor(store: OperatedStore, fleet: string, keep: ChangeSettings) {
    this.#store = store;
    this.#fleet = fleet;
    const settings = readNatsSettings(store);
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
    const subject = listSubject(this.#fleet);
    return this.#do("cannot publish the fleet's list", () =>
      untilElected(async () => {
        const connection = await this.#link.get();
        await this.#requireStream(connection);
        // JetStream keeps one message of an id within two minutes: ours, also if its answer was lost, or another machine's.
        const options = { timeout: ELECTED_MS, msgID: `version ${version}` };
        const { duplicate } = await jetstream(connection).publish(subject, pack(publication), options);
        return duplicate;
      }).then(async (isThere) => {
        if (isThere && (await this.published()) !== publication)
          throw new Error(`another machine has just published version ${version}`);
        if (hosts !== undefined) await this.#publishHosts(hosts);
      }),
    );
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
      await this.#requireStream(connection);
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
    return this.#receipts(hosts, signal, this.#hearReceipts());
  }

  /** null: there is no connection; whoever reads the receipts tries again, and says so. */
  #hearReceipts(): Promise<Subscription | null> {
    return this.#link.get().then(
      (connection) => connection.subscribe(allReceipts(this.#fleet)),
      () => null,
    );
  }

  async *#receipts(
    hosts: readonly string[],
    signal: AbortSignal,
    early: Promise<Subscription | null>,
  ): AsyncGenerator<readonly HostReceipt[], void> {
    const begun = await early;
    const connection = await this.#do("cannot read the receipts", async (opened) => opened);
    const place = new Map(hosts.map((host) => [receiptSubject(this.#fleet, host), host]));
    const read = (subject: string, text: string): HostReceipt[] => {
      const host = place.get(subject);
      const found = host === undefined || text.length > MOST_RECEIPT ? null : readReceipt(text, host);
      return found && "value" in found ? [found.value] : [];
    };
    // It listens before it asks, and before the list is published: the servers may put a receipt on the disk long after they
    // have passed it on.
    const heard = begun?.isClosed() === false ? begun : connection.subscribe(allReceipts(this.#fleet));
    const stop = () => heard.unsubscribe();
    signal.addEventListener("abort", stop, { once: true });
    try {
      yield await this.#do("cannot read the receipts", async () => {
        const there = await lastMessages(connection, this.#fleet, allReceipts(this.#fleet), (one) =>
          place.has(one),
        );
        return there.flatMap((message) => read(message.subject, message.string()));
      });
      for await (const message of heard) {
        const found = read(message.subject, message.string());
        if (found.length > 0) yield found;
      }
      if (!signal.aborted) throw this.#failure("cannot read the receipts", "the connection has ended");
    } finally {
      signal.removeEventListener("abort", stop);
      heard.unsubscribe();
    }
  }

  readonly ask = (host: string, question: string, ms: number): Promise<string> =>
    this.#do(`cannot ask ${host}`, async (connection) => {
      this.#allow(1);
      const reply = answerSubject(this.#fleet, host, randomBytes(16).toString("hex"));
      const options = { timeout: ms, noMux: true, reply };
      try {
        const answer = await connection.request(askSubject(this.#fleet, host), question, options);
        return answer.string();
      } finally {
        this.#allow(-1);
      }
    });

  /** The servers may send the answers that are waited for, and what earlier ones have left over is forgotten. */
  #allow(questions: 1 | -1): void {
    this.#asked += questions;
    const most = this.#asked * ANSWER_BYTES;
    const { bytes } = this.#allowance;
    this.#allowance.bytes = questions === 1 ? bytes + ANSWER_BYTES : Math.min(bytes, most);
  }

  admit(host: string): Promise<string> {
    return this.#do(`cannot make credentials for ${host}`, async (connection) => {
      await this.#requireStream(connection);
      return this.#credentials.make(connection, host);
    });
  }

  expel(host: string): Promise<Ended> {
    return this.#do(`cannot end the credentials of ${host}`, async (connection) => {
      await this.#requireStream(connection);
      return this.#credentials.end(connection, host);
    });
  }

  endAgain(hosts: readonly string[], isShared: boolean): Promise<number> {
    return this.#do("cannot end again the credentials that were ended", async (connection) => {
      await this.#requireStream(connection);
      return this.#credentials.endAgain(connection, hosts, isShared);
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.#link.close(), this.#system.close()]);
  }

  #failure(what: string, why: string, cause?: unknown) {
    return storeFailure(what, this.#store.address, why, cause);
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
  #requireStream(connection: NatsConnection): Promise<void> {
    const servers = this.#store.address.urls.length;
    this.#stream ??= requireStream(connection, this.#fleet, servers).finally(() => {
      this.#stream = null;
    });
    return this.#stream;
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
