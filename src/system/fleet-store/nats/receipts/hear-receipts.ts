/**
 * Hears the receipts of a fleet's hosts as they are written. Each host has a subscription of its own, which the *server* ends after a
 * few messages, whatever their size: a host that floods its own receipt is not heard on, and costs the others nothing.
 */
import type { Msg, NatsConnection, Subscription } from "@nats-io/transport-node";
import { type HostReceipt, MOST_RECEIPT, readReceipt, receiptSubject } from "../../../../fleet/index.ts";
import type { Allowance } from "../bounded-transport.ts";

/** A host may send a megabyte each: so much may be under way before the first one is seen here. */
const AT_A_TIME = 4;
/** Of one host, in one command: it writes one or two for each list, and one a minute. */
const MOST = 64;

/** @param message from anybody @returns null: it is no receipt of this host */
export function readWritten({ data }: Pick<Msg, "data">, host: string): HostReceipt | null {
  const read = data.length > MOST_RECEIPT ? null : readReceipt(Buffer.from(data).toString("utf8"), host);
  return read !== null && "value" in read ? read.value : null;
}

/** Until the connection ends, or {@link stop}. */
export class HeardReceipts {
  readonly connection: NatsConnection;
  readonly #fleet: string;
  readonly #allowance: Allowance;
  readonly #listening: Subscription[] = [];
  /** Receipts, by host. */
  readonly #counts = new Map<string, number>();
  /** Bounded by {@link MOST}. */
  #ready: HostReceipt[] = [];
  #isOver = false;
  #wake = Promise.withResolvers<void>();

  constructor(connection: NatsConnection, fleet: string, hosts: readonly string[], allowance: Allowance) {
    this.connection = connection;
    this.#fleet = fleet;
    this.#allowance = allowance;
    for (const host of hosts) this.#listen(host);
    void connection.closed().then(() => this.#end());
  }

  #listen(host: string): void {
    let seen = 0;
    const options = {
      max: AT_A_TIME,
      callback: (error: Error | null, message: Msg) => {
        if (error !== null) return;
        // It was wanted: it must not count for what the server may send. There are few, as the server ends the subscription.
        this.#allowance.settled += message.data.length;
        seen += 1;
        const receipt = readWritten(message, host);
        if (receipt === null) return;
        this.#take(receipt);
        // Before the server ends this one: none is missed in between, and some come twice.
        if (seen === AT_A_TIME / 2 && (this.#counts.get(host) ?? 0) < MOST) this.#listen(host);
      },
    };
    this.#listening.push(this.connection.subscribe(receiptSubject(this.#fleet, host), options));
  }

  #take(receipt: HostReceipt): void {
    this.#counts.set(receipt.host, (this.#counts.get(receipt.host) ?? 0) + 1);
    this.#ready.push(receipt);
    this.#wake.resolve();
  }

  #end(): void {
    this.#isOver = true;
    this.#wake.resolve();
  }

  readonly stop = (): void => {
    for (const one of this.#listening) one.unsubscribe();
    this.#end();
  };

  async *batches(): AsyncGenerator<readonly HostReceipt[], void> {
    for (;;) {
      const batch = this.#ready;
      this.#ready = [];
      if (batch.length > 0) yield batch;
      else if (this.#isOver) return;
      else {
        await this.#wake.promise;
        this.#wake = Promise.withResolvers();
      }
    }
  }
}
