/** The exchanges of one connection: numbered, and one at a time. */
import { jsonAnswer, refusal } from "../docker/answer.ts";
import type { Caller, RequestRecord } from "../record/request-record.ts";
import { Exchange, type ExchangeParts } from "./exchange.ts";

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

  /** How many there have been. */
  get count(): number {
    return this.#count;
  }

  /** `CONNECTION-REQUEST` of the current one, as in the audit log. */
  get requestId(): string {
    return `${this.#caller.connection}-${this.#count}`;
  }

  /** @param bytesIn bytes that came with its head */
  begin(asked: RequestRecord, bytesIn: number): void {
    this.current = new Exchange(this.#context, this.#caller, ++this.#count, asked);
    this.current.bytesIn = bytesIn;
  }

  /** What came is no request. @param rule that it breaks */
  beginMalformed({ method, target }: Pick<RequestRecord, "method" | "target">, rule: string): void {
    this.begin({ method, target, call: null, decision: "refuse", rule }, 0);
  }

  /** @param error why it ended before its time */
  end(error?: string): void {
    const ended = this.current;
    this.current = null;
    ended?.finish(error);
  }

  /** The current one is answered by the gateway itself. @returns the answer's bytes, head and body */
  refuse(status: number, text: string, close: boolean): string {
    const exchange = this.current as Exchange;
    const head = { status, close, requestId: this.requestId };
    const answer = jsonAnswer(head, refusal(text), exchange.asked.method);
    exchange.status = status;
    exchange.bytesOut = Buffer.byteLength(answer);
    return answer;
  }
}
