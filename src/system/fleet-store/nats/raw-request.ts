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
  // The library forgets who waits when the connection ends.
  void connection.closed().then((why) => reject(why ?? new Error("the connection has ended")));
  try {
    return await promise;
  } finally {
    // A late answer is not wanted.
    if (!connection.isClosed()) listening.unsubscribe();
  }
}
