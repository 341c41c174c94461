/** A fleet's store in NATS JetStream, for the operator: keeps the list, hears receipts, and makes and ends hosts' credentials. */
import {
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StoredMsg,
} from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { OneAtATime, SECOND_MS } from "../../../base/index.ts";
import {
  allReceipts,
  allSubjects,
  type HostReceipt,
  keySubject,
  listSubject,
  MOST_MESSAGE,
  MOST_RECEIPT,
  type NatsSettings,
  type OperatedStore,
  type OperatorStore,
  pack,
  readNatsSettings,
  readReceipt,
  receiptSubject,
  storeFailure,
  streamOf,
  unpack,
} from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { ANSWER_MS, connectTo } from "./connect.ts";
import { accountKey, accountToken, hostCredentials, operatorCredentials, revocationsIn } from "./trust.ts";

const INBOX = "_INBOX.operator";
/** Asked for at a time. */
const AT_ONCE = 64;
const STREAM_NOT_FOUND = 10_059;
const MESSAGE_NOT_FOUND = 10_037;

/** A cluster of three or more keeps each message three times, so that it survives the loss of one server. */
const copiesFor = (servers: number): number => (servers >= 3 ? 3 : 1);

const codeOf = (error: unknown): number =>
  (error as { code?: number; apiError?: () => { err_code?: number } }).apiError?.().err_code ??
  (error as { code?: number }).code ??
  0;

/** When a server is lost, the others elect who leads, which takes some seconds; until then nobody answers. */
const ELECTION_MS = 30 * SECOND_MS;
const ELECTED_MS = 3 * SECOND_MS;

/** Of a question: the last try is after three seconds, if each fails at once. */
const MOST_FAILURES = 4;
const AGAIN_MS = SECOND_MS / 5;

/** Repeats the work, which may be done twice, until it succeeds or an election would be over. */
async function untilElected<T>(work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + ELECTION_MS;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(SECOND_MS / 2, AbortSignal.timeout(ELECTION_MS));
    }
}

class NatsOperatorStore implements OperatorStore {
  readonly #store: OperatedStore;
  readonly #settings: NatsSettings;
  readonly #fleet: string;
  #connection: Promise<NatsConnection> | null = null;
  readonly #accounts = new OneAtATime();

  constructor(store: OperatedStore, fleet: string) {
    this.#store = store;
    this.#settings = readNatsSettings(store);
    this.#fleet = fleet;
  }

  publish(publication: string, version: number): Promise<void> {
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
      }),
    );
  }

  published(): Promise<string | null> {
    return this.#do("cannot read the published list", async (connection) => {
      const found = await this.#last(connection, listSubject(this.#fleet));
      return found && unpack(found.data);
    });
  }

  async *receipts(
    hosts: readonly string[],
    signal: AbortSignal,
  ): AsyncGenerator<readonly HostReceipt[], void> {
    const connection = await this.#do("cannot read the receipts", async (opened) => opened);
    const place = new Map(hosts.map((host) => [receiptSubject(this.#fleet, host), host]));
    const read = (subject: string, text: string): HostReceipt[] => {
      const host = place.get(subject);
      const found = host === undefined || text.length > MOST_RECEIPT ? null : readReceipt(text, host);
      return found && "value" in found ? [found.value] : [];
    };
    // Listens before it asks, so that none is missed in between.
    const heard = connection.subscribe(allReceipts(this.#fleet));
    const stop = () => heard.unsubscribe();
    signal.addEventListener("abort", stop, { once: true });
    try {
      yield await this.#do("cannot read the receipts", () => this.#lastReceipts(connection, place, read));
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

  admit(host: string): Promise<string> {
    return this.#do(`cannot make credentials for ${host}`, async (connection) => {
      await this.#requireStream(connection);
      await this.#revoke(connection, host);
      const { credentials, key } = await hostCredentials(this.#settings, this.#fleet, host);
      await jetstream(connection).publish(keySubject(this.#fleet, host), key, { timeout: ANSWER_MS });
      return credentials;
    });
  }

  expel(host: string): Promise<void> {
    return this.#do(`cannot end the credentials of ${host}`, async (connection) => {
      await this.#revoke(connection, host);
      const { streams } = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
      for (const subject of [receiptSubject(this.#fleet, host), keySubject(this.#fleet, host)])
        await streams.purge(streamOf(this.#fleet), { filter: subject });
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
    return connectTo(this.#store.address, { credentials: await operatorCredentials(account), inbox: INBOX });
  }

  async #requireStream(connection: NatsConnection): Promise<void> {
    const { streams } = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
    const name = streamOf(this.#fleet);
    try {
      await streams.info(name);
    } catch (error) {
      if (codeOf(error) !== STREAM_NOT_FOUND) throw error;
      await streams.add({
        ...{ name, subjects: [allSubjects(this.#fleet)], storage: StorageType.File },
        ...{ retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, max_msg_size: MOST_MESSAGE },
        ...{ allow_direct: true, num_replicas: copiesFor(this.#store.address.urls.length) },
      });
    }
  }

  /** @returns null: there is none */
  #last(connection: NatsConnection, subject: string): Promise<StoredMsg | null> {
    return this.#again(connection, async ({ direct, streams }) => {
      // Without a stream nobody answers the next request.
      await streams.info(streamOf(this.#fleet));
      return direct.getMessage(streamOf(this.#fleet), { last_by_subj: subject });
    });
  }

  /**
   * Any server may be asked, also one that stands still, or that has not heard of a new stream yet: then another is, or the same
   * later. @returns null: there is nothing
   */
  async #again<T>(
    connection: NatsConnection,
    ask: (manager: JetStreamManager) => Promise<T | null>,
    failures = 0,
  ): Promise<T | null> {
    try {
      return await ask(await jetstreamManager(connection, { checkAPI: false, timeout: ELECTED_MS }));
    } catch (error) {
      if ([MESSAGE_NOT_FOUND, STREAM_NOT_FOUND, 404].includes(codeOf(error))) return null;
      if (failures >= MOST_FAILURES) throw error;
      await pause(AGAIN_MS * 2 ** failures, AbortSignal.timeout(ELECTION_MS));
      return this.#again(connection, ask, failures + 1);
    }
  }

  /** Asks for those that are there: most of a thousand hosts may have none yet. */
  async #lastReceipts(
    connection: NatsConnection,
    place: ReadonlyMap<string, string>,
    read: (subject: string, text: string) => HostReceipt[],
  ): Promise<HostReceipt[]> {
    const stream = streamOf(this.#fleet);
    const info = await this.#again(connection, ({ streams }) =>
      streams.info(stream, { subjects_filter: allReceipts(this.#fleet) }),
    );
    const there = Object.keys(info?.state.subjects ?? {}).filter((subject) => place.has(subject));
    const all: HostReceipt[] = [];
    for (let at = 0; at < there.length; at += AT_ONCE)
      await Promise.all(
        there.slice(at, at + AT_ONCE).map(async (subject) => {
          const found = await this.#again(connection, ({ direct }) =>
            direct.getMessage(stream, { last_by_subj: subject }),
          );
          if (found) all.push(...read(subject, found.string()));
        }),
      );
    return all;
  }

  /** Ends the credentials that the host has, if it has any; the servers close its connections. */
  async #revoke(connection: NatsConnection, host: string): Promise<void> {
    const key = (await this.#last(connection, keySubject(this.#fleet, host)))?.string() ?? "";
    if (!/^U[A-Z2-7]{55}$/.test(key)) return;
    await this.#accounts.run(() => this.#changeAccount(key));
  }

  async #changeAccount(key: string): Promise<void> {
    const system = await this.#open(this.#settings.system);
    try {
      const ask = async (subject: string, body: string) =>
        (await system.request(subject, body, { timeout: ANSWER_MS })).string();
      const account = accountKey(this.#settings);
      const known = await ask(`$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`, "");
      const now = Math.floor(Date.now() / SECOND_MS);
      const revocations = { ...revocationsIn(known, this.#settings), [key]: now };
      await ask("$SYS.REQ.CLAIMS.UPDATE", await accountToken(this.#settings, this.#fleet, revocations));
    } finally {
      await system.close();
    }
  }
}

/** @throws FLEET_BROKEN */
export function openNatsOperatorStore(store: OperatedStore, fleet: string): OperatorStore {
  return new NatsOperatorStore(store, fleet);
}
