/**
 * A request whose answer's headers nobody reads. The client library reads those of an answer without a body: a host can write headers that
 * end the operator's connection, or that look like an error of the servers.
 */
import type { Msg, NatsConnection, Payload } from "@nats-io/transport-node";

interface Options {
  /** Where the answer comes. */
  readonly reply: string;
  /** Milliseconds. */
  readonly timeout: number;
}

type Reject = (why: Error) => void;

/** Who waits on each connection: the library forgets them when it ends. One that lasts for days keeps none that has its answer. */
const waiting = new WeakMap<NatsConnection, Set<Reject>>();

function waitingOn(connection: NatsConnection): Set<Reject> {
  const known = waiting.get(connection);
  if (known !== undefined) return known;
  const all = new Set<Reject>();
  waiting.set(connection, all);
  void connection.closed().then((why) => {
    for (const reject of all) reject(why ?? new Error("the connection has ended"));
  });
  return all;
}

/** @returns the answer's body; empty: it has none, or nobody hears the subject @throws TimeoutError, Error: the connection ends */
export async function rawRequest(
  connection: NatsConnection,
  subject: string,
  data: Payload,
  { reply, timeout }: Options,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const callback = (error: Error | null, message: Pick<Msg, "data">) =>
    error === null ? resolve(message.data) : reject(error);
  const listening = connection.subscribe(reply, { max: 1, timeout, callback });
  connection.publish(subject, data, { reply });
  const others = waitingOn(connection).add(reject);
  try {
    return await promise;
  } finally {
    others.delete(reject);
    // A late answer is not wanted.
    if (!connection.isClosed()) listening.unsubscribe();
  }
}
