/** One connection for all calls, until it ends; then another. */
import type { NatsConnection } from "@nats-io/transport-node";

export class Link {
  readonly #connect: () => Promise<NatsConnection>;
  #connection: Promise<NatsConnection> | null = null;

  constructor(connect: () => Promise<NatsConnection>) {
    this.#connect = connect;
  }

  /** @throws Error with foreign text */
  readonly get = (): Promise<NatsConnection> => {
    this.#connection ??= this.#connect().then(
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
  };

  #forget(): void {
    this.#connection = null;
  }

  async close(): Promise<void> {
    const connection = await this.#connection?.catch(() => null);
    await connection?.close();
  }
}
