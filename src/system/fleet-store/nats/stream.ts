/** A fleet's streams in JetStream, as the operator asks for them: any server may be asked, also while a cluster elects who leads. */
import {
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StoredMsg,
  type StreamConfig,
} from "@nats-io/jetstream";
import {
  createInbox,
  type NatsConnection,
  NoRespondersError,
  type Payload,
  TimeoutError,
} from "@nats-io/transport-node";
import { eachAtOnce, SECOND_MS } from "../../../base/index.ts";
import {
  allReceipts,
  lastOf,
  MOST_MESSAGE,
  MOST_RECEIPT,
  operatorSubjects,
  receiptsStreamOf,
  streamOf,
  streamWith,
} from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { ANSWER_MS } from "./connect.ts";
import { rawRequest } from "./raw-request.ts";

/** Asked for at a time. */
const AT_ONCE = 64;
const STREAM_NOT_FOUND = 10_059;
const MESSAGE_NOT_FOUND = 10_037;

/** Of a cluster that starts, or that nobody leads for now. */
const ELECTING: readonly number[] = [
  ...[10_005, 10_008, 10_009], // no suitable peers for placement, not available, not the leader
  ...[10_039, 10_076], // JetStream not enabled for the account, or not at all
];

/** When a server is lost, the others elect who leads, which takes some seconds; until then nobody answers. */
const ELECTION_MS = 30 * SECOND_MS;
export const ELECTED_MS = 3 * SECOND_MS;

/** Of a question: the last try is after three seconds, if each fails at once. */
const MOST_FAILURES = 4;
const AGAIN_MS = SECOND_MS / 5;

/** A cluster of three or more keeps each message three times, so that it survives the loss of one server. */
const copiesFor = (servers: number): number => (servers >= 3 ? 3 : 1);

/** JetStream's own or HTTP's, of the error or of its cause. 0: it has none */
function codeOf({ code, cause }: Error & { readonly code?: unknown }): number {
  if (typeof code === "number") return code;
  return cause instanceof Error ? codeOf(cause) : 0;
}

/** Whether a cluster that starts or elects who leads may answer so. No answer is one of them. */
function isElecting(error: Error): boolean {
  if (error instanceof TimeoutError || error instanceof NoRespondersError) return true;
  return ELECTING.includes(codeOf(error)) || (error.cause instanceof Error && isElecting(error.cause));
}

const isTimeout = (error: Error): boolean =>
  error instanceof TimeoutError || error.cause instanceof TimeoutError;

/**
 * Repeats the work, which may be done twice, until it succeeds or an election would be over.
 * @param passes whether an error may go away by itself
 */
export async function untilElected<T>(
  work: () => Promise<T>,
  passes: (error: Error) => boolean = () => true,
): Promise<T> {
  const deadline = Date.now() + ELECTION_MS;
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (Date.now() > deadline || !passes(error as Error)) throw error;
      await pause(SECOND_MS / 2, AbortSignal.timeout(ELECTION_MS));
    }
}

/**
 * Any server may be asked, also one that stands still, or that has not heard of a new stream yet: then another is, or the same
 * later. @returns null: there is nothing
 */
async function again<T>(
  connection: NatsConnection,
  ask: (manager: JetStreamManager) => Promise<T | null>,
  failures = 0,
  deadline = Date.now() + ELECTION_MS,
): Promise<T | null> {
  try {
    return await ask(await jetstreamManager(connection, { checkAPI: false, timeout: ELECTED_MS }));
  } catch (error) {
    if ([MESSAGE_NOT_FOUND, STREAM_NOT_FOUND, 404].includes(codeOf(error as Error))) return null;
    if (connection.isClosed()) throw error;
    // Nobody answers while a cluster elects who leads.
    const isWaiting = isTimeout(error as Error) && Date.now() < deadline;
    if (failures >= MOST_FAILURES && !isWaiting) throw error;
    const waits = Math.min(failures, MOST_FAILURES);
    await pause(AGAIN_MS * 2 ** waits, AbortSignal.timeout(ELECTION_MS));
    return again(connection, ask, failures + 1, deadline);
  }
}

const streamsOf = async (connection: NatsConnection) =>
  (await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS })).streams;

/**
 * How long JetStream keeps the ids of messages, in nanoseconds: the least that it takes, as nobody uses ids here. A host may make up ids
 * of 60 KB, and with the default, two minutes, they fill the servers' memory.
 */
const ID_NS = 100_000_000;

function streamsFor(fleet: string, servers: number): (Partial<StreamConfig> & Pick<StreamConfig, "name">)[] {
  const form = {
    ...{ retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, duplicate_window: ID_NS },
    ...{ allow_direct: true, num_replicas: copiesFor(servers) },
  };
  const own = { name: streamOf(fleet), subjects: operatorSubjects(fleet), max_msg_size: MOST_MESSAGE };
  const theirs = {
    name: receiptsStreamOf(fleet),
    subjects: [allReceipts(fleet)],
    max_msg_size: MOST_RECEIPT,
  };
  return [
    { ...form, ...own, storage: StorageType.File },
    // A host that floods its own receipt must not keep a disk busy. Each writes it again every minute.
    { ...form, ...theirs, storage: StorageType.Memory },
  ];
}

/** Makes the streams that are not there. @param servers how many the fleet has @throws Error */
export async function requireStreams(
  connection: NatsConnection,
  fleet: string,
  servers: number,
): Promise<void> {
  const streams = await streamsOf(connection);
  const isThere = (name: string) => streams.info(name).then(() => true, isMissing);
  for (const one of streamsFor(fleet, servers))
    await untilElected(async () => {
      if (!(await isThere(one.name))) await streams.add(one);
    }, isElecting);
}

function isMissing(error: Error): false {
  if (codeOf(error) !== STREAM_NOT_FOUND) throw error;
  return false;
}

/** Publishes what may be published twice. @throws Error */
export async function put(connection: NatsConnection, subject: string, data: Payload): Promise<void> {
  const stream = jetstream(connection);
  await untilElected(() => stream.publish(subject, data, { timeout: ELECTED_MS }), isElecting);
}

/** @throws Error */
export async function purge(
  connection: NatsConnection,
  fleet: string,
  subjects: readonly string[],
): Promise<void> {
  const streams = await streamsOf(connection);
  for (const filter of subjects)
    await untilElected(() => streams.purge(streamWith(fleet, filter), { filter }), isElecting);
}

/** @returns the last message of a subject; null: there is none @throws Error */
export function lastMessage(
  connection: NatsConnection,
  fleet: string,
  subject: string,
): Promise<StoredMsg | null> {
  return again(connection, async ({ direct, streams }) => {
    const stream = streamWith(fleet, subject);
    // Without a stream nobody answers the next request.
    await streams.info(stream);
    return direct.getMessage(stream, { last_by_subj: subject });
  });
}

export interface Last {
  readonly subject: string;
  readonly data: Uint8Array;
}

/** Of a subject that hosts write to. @returns null: there is none, or it is empty, or nobody answers for the stream */
async function unreadHeaders(connection: NatsConnection, fleet: string, subject: string) {
  const options = { reply: createInbox(), timeout: ELECTED_MS };
  const data = await rawRequest(connection, lastOf(fleet, subject), "", options);
  return data.length > 0 ? data : null;
}

interface Wanted {
  /** By its subject. */
  readonly isWanted: (subject: string) => boolean;
  /** Whether hosts write there: then nobody reads the headers. */
  readonly isOfHosts?: boolean;
  /** As soon as one is here. */
  readonly onMessage?: (message: Last) => void;
}

/**
 * Asks for those that are there: most of a thousand hosts may have none yet.
 * @param all subjects, with a wildcard @throws Error
 */
export async function lastMessages(
  connection: NatsConnection,
  fleet: string,
  all: string,
  { isWanted, isOfHosts = false, onMessage = () => {} }: Wanted,
): Promise<Last[]> {
  const stream = streamWith(fleet, all);
  const there = (await subjectsIn(connection, fleet, all)).filter(isWanted);
  const found = await eachAtOnce(AT_ONCE, there, async (subject) => {
    const data = await again(connection, async ({ direct }) =>
      isOfHosts
        ? unreadHeaders(connection, fleet, subject)
        : ((await direct.getMessage(stream, { last_by_subj: subject }))?.data ?? null),
    );
    if (data === null) return null;
    onMessage({ subject, data });
    return { subject, data };
  });
  return found.filter((one) => one !== null);
}

/** @param all with a wildcard @returns those that have a message @throws Error */
export async function subjectsIn(connection: NatsConnection, fleet: string, all: string): Promise<string[]> {
  const info = await again(connection, ({ streams }) =>
    streams.info(streamWith(fleet, all), { subjects_filter: all }),
  );
  return Object.keys(info?.state.subjects ?? {});
}
