/** A fleet's store in NATS JetStream, for the operator: keeps the list, hears receipts, and makes and ends hosts' credentials. */
import { randomBytes } from "node:crypto";
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection, Subscription } from "@nats-io/transport-node";
import { OneAtATime } from "../../../base/index.ts";
import {
  allReceipts,
  answerSubject,
  askSubject,
  type HostReceipt,
  hostsSubject,
  keySubject,
  listSubject,
  MOST_ANSWER,
  MOST_RECEIPT,
  type NatsSettings,
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
import { connectTo } from "./connect.ts";
import { revokeUser } from "./revoke-user.ts";
import { ELECTED_MS, lastMessage, lastReceipts, purge, put, requireStream, untilElected } from "./stream.ts";
import { hostCredentials, operatorCredentials } from "./trust.ts";

/** Of an answer with its subjects. */
const ANSWER_BYTES = MOST_ANSWER + 4_096;

const INBOX = "_INBOX.operator";

class NatsOperatorStore implements OperatorStore {
  readonly #store: OperatedStore;
  readonly #settings: NatsSettings;
  readonly #fleet: string;
  readonly #allowance = { bytes: 0 };
  /** Questions without an answer yet. */
  #asked = 0;
  #connection: Promise<NatsConnection> | null = null;
  #stream: Promise<void> | null = null;
  readonly #accounts = new OneAtATime();

  constructor(store: OperatedStore, fleet: string) {
    this.#store = store;
    this.#settings = readNatsSettings(store);
    this.#fleet = fleet;
  }

  publish(publication: string, version: number, hosts?: string): Promise<void> {
    const subject = listSubject(this.#fleet);
    return this.#do("cannot publish the fleet's list", () =>
      untilElected(async () => {
        const connection = await this.#connected();
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
      await jetstream(await this.#connected()).publish(subject, pack(hosts), { timeout: ELECTED_MS });
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
    return this.#connected().then(
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
        const there = await lastReceipts(connection, this.#fleet, (subject) => place.has(subject));
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
      await this.#revoke(connection, host);
      const { credentials, key } = await hostCredentials(this.#settings, this.#fleet, host);
      await put(connection, keySubject(this.#fleet, host), key);
      return credentials;
    });
  }

  expel(host: string): Promise<void> {
    return this.#do(`cannot end the credentials of ${host}`, async (connection) => {
      await this.#revoke(connection, host);
      await purge(connection, this.#fleet, [
        receiptSubject(this.#fleet, host),
        keySubject(this.#fleet, host),
      ]);
    });
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => null);
    await connection?.close();
  }

  #failure(what: string, why: string, cause?: unknown) {
    return storeFailure(what, this.#store.address, why, cause);
  }

  async #do<T>(what: string, work: (connection: NatsConnection) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connected());
    } catch (error) {
      throw this.#failure(what, (error as Error).message, error);
    }
  }

  /** One for all calls, until it ends. */
  #connected(): Promise<NatsConnection> {
    this.#connection ??= this.#open(this.#settings.account).then(
      (connection) => {
        void connection.closed().then(() => this.#forget());
        return connection;
      },
      (error: Error) => {
        this.#forget();
        throw error;
      },
    );
    return this.#connection;
  }

  #forget(): void {
    this.#connection = null;
  }

  async #open(account: string): Promise<NatsConnection> {
    const credentials = await operatorCredentials(account);
    return connectTo(this.#store.address, { credentials, inbox: INBOX, allowance: this.#allowance });
  }

  /** Once for all who wait for it. */
  #requireStream(connection: NatsConnection): Promise<void> {
    const servers = this.#store.address.urls.length;
    this.#stream ??= requireStream(connection, this.#fleet, servers).finally(() => {
      this.#stream = null;
    });
    return this.#stream;
  }

  /** Ends the credentials that the host has, if it has any. */
  async #revoke(connection: NatsConnection, host: string): Promise<void> {
    const key = await lastMessage(connection, this.#fleet, keySubject(this.#fleet, host));
    const user = key?.string() ?? "";
    if (!/^U[A-Z2-7]{55}$/.test(user)) return;
    await this.#accounts.run(async () => {
      const system = await this.#open(this.#settings.system);
      await revokeUser(system, this.#settings, this.#fleet, user).finally(() => system.close());
    });
  }
}

/** @throws FLEET_BROKEN */
export function openNatsOperatorStore(store: OperatedStore, fleet: string): OperatorStore {
  return new NatsOperatorStore(store, fleet);
}
