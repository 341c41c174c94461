/** A fleet's stream in JetStream, as the operator asks for it: any server may be asked, also while a cluster elects who leads. */
import {
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type StoredMsg,
} from "@nats-io/jetstream";
import { type NatsConnection, NoRespondersError, type Payload, TimeoutError } from "@nats-io/transport-node";
import { eachAtOnce, SECOND_MS } from "../../../base/index.ts";
import { allSubjects, MOST_MESSAGE, streamOf } from "../../../fleet/index.ts";
import { pause } from "../../fleet-process/pause.ts";
import { ANSWER_MS } from "./connect.ts";

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

/** Makes the stream, if it is not there. @param servers how many the fleet has @throws Error */
export async function requireStream(
  connection: NatsConnection,
  fleet: string,
  servers: number,
): Promise<void> {
  const streams = await streamsOf(connection);
  const name = streamOf(fleet);
  const stream = {
    ...{ name, subjects: [allSubjects(fleet)], storage: StorageType.File },
    ...{ retention: RetentionPolicy.Limits, max_msgs_per_subject: 1, max_msg_size: MOST_MESSAGE },
    ...{ allow_direct: true, num_replicas: copiesFor(servers) },
  };
  const isThere = () => streams.info(name).then(() => true, isMissing);
  await untilElected(async () => {
    if (!(await isThere())) await streams.add(stream);
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
    await untilElected(() => streams.purge(streamOf(fleet), { filter }), isElecting);
}

/** @returns the last message of a subject; null: there is none @throws Error */
export function lastMessage(
  connection: NatsConnection,
  fleet: string,
  subject: string,
): Promise<StoredMsg | null> {
  return again(connection, async ({ direct, streams }) => {
    // Without a stream nobody answers the next request.
    await streams.info(streamOf(fleet));
    return direct.getMessage(streamOf(fleet), { last_by_subj: subject });
  });
}

interface Wanted {
  /** By its subject. */
  readonly isWanted: (subject: string) => boolean;
  /** As soon as one is here. */
  readonly onMessage?: (message: StoredMsg) => void;
}

/**
 * Asks for those that are there: most of a thousand hosts may have none yet.
 * @param all subjects, with a wildcard @throws Error
 */
export async function lastMessages(
  connection: NatsConnection,
  fleet: string,
  all: string,
  { isWanted, onMessage = () => {} }: Wanted,
): Promise<StoredMsg[]> {
  const stream = streamOf(fleet);
  const there = (await subjectsIn(connection, fleet, all)).filter(isWanted);
  const found = await eachAtOnce(AT_ONCE, there, async (last_by_subj) => {
    const message = await again(connection, ({ direct }) => direct.getMessage(stream, { last_by_subj }));
    if (message !== null) onMessage(message);
    return message;
  });
  return found.filter((one) => one !== null);
}

/** @param all with a wildcard @returns those that have a message @throws Error */
export async function subjectsIn(connection: NatsConnection, fleet: string, all: string): Promise<string[]> {
  const info = await again(connection, ({ streams }) =>
    streams.info(streamOf(fleet), { subjects_filter: all }),
  );
  return Object.keys(info?.state.subjects ?? {});
}
