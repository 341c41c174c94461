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

/** @returns the answer's body; empty: it has none, or nobody hears the subject @throws TimeoutError */
export function rawRequest(
  connection: NatsConnection,
  subject: string,
  data: Payload,
  { reply, timeout }: Options,
): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const callback = (error: Error | null, message: Pick<Msg, "data">) =>
    error === null ? resolve(message.data) : reject(error);
  connection.subscribe(reply, { max: 1, timeout, callback });
  connection.publish(subject, data, { reply });
  return promise;
}
