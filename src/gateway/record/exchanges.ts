/** The exchanges of one connection: numbered, and one at a time. */
import { Exchange, type ExchangeParts } from "./exchange.ts";
import type { Caller, RequestRecord } from "./request-record.ts";

export class Exchanges {
  /** null: between requests. */
  current: Exchange | null = null;
  readonly #context: ExchangeParts;
  readonly #caller: Caller;
  #count = 0;

  constructor(context: ExchangeParts, caller: Caller) {
    this.#context = context;
    this.#caller = caller;
  }

  /** The client, as the limits count it. */
  get owner(): string {
    return this.#caller.owner;
  }

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** `CONNECTION-REQUEST` of the current one, as in the audit log. */
  get requestId(): string {
    return `${this.#caller.connection}-${this.#count}`;
  }

  /** @param bytesIn bytes that came with its head */
  begin(request: RequestRecord, bytesIn: number): Exchange {
    const exchange = new Exchange(this.#context, this.#caller, ++this.#count, request);
    exchange.bytesIn = bytesIn;
    this.current = exchange;
    return exchange;
  }

  /** Begins the record of a gRPC call: there may be several at a time, within the current exchange. */
  beginCall(request: RequestRecord): Exchange {
    return new Exchange(this.#context, this.#caller, ++this.#count, request);
  }

  /** Begins the record of bytes that are not a request. @param rule the rule they break */
  beginMalformed({ method, target }: Pick<RequestRecord, "method" | "target">, rule: string): void {
    this.begin({ method, target, call: null }, 0).refuse("refuse", rule);
  }

  /** @param error why it ended early */
  end(error?: string): void {
    const ended = this.current;
    this.current = null;
    ended?.finish(error);
  }
}
