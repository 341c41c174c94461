/** One call to the admin API, from its whole body to the answer's last byte. */
import type { RequestHead } from "../../http/index.ts";
import { ADMIN_PREFIX, type AdminAnswer, type AdminApi } from "../admin-port.ts";
import { answerHead, jsonAnswer, refusal } from "../docker/answer.ts";
import type { Caller } from "../record/request-record.ts";

/** Where the answer goes. */
export interface AdminOutput {
  /** @returns false when bytes pile up */
  pass(bytes: Buffer): boolean;
  answered(status: number, close: boolean): void;
  /** The answer cannot be completed. */
  cut(why: string): void;
}

/** The call as the connection knows it. */
export interface AdminCallHead {
  readonly head: RequestHead;
  readonly caller: Caller;
  readonly requestId: string;
}

export class AdminCall {
  readonly #api: AdminApi;
  readonly #call: AdminCallHead;
  readonly #output: AdminOutput;
  readonly #abort = new AbortController();
  #wake: (() => void) | null = null;
  #isEndless = false;
  #isGone = false;

  constructor(api: AdminApi, call: AdminCallHead, output: AdminOutput) {
    this.#api = api;
    this.#call = call;
    this.#output = output;
  }

  /** Whether the answer goes on until the client leaves. */
  get isEndless(): boolean {
    return this.#isEndless;
  }

  /** @param body the whole body */
  run(body: Buffer): void {
    queueMicrotask(() => this.#run(body).catch((error: Error) => this.#fail(error)));
  }

  /** The client accepts bytes again. */
  drained(): void {
    this.#wake?.();
  }

  /** Aborts the call: nobody waits for its answer any more. */
  abort(): void {
    this.#isGone = true;
    this.#abort.abort();
    this.#wake?.();
  }

  /** Completes an endless answer. */
  end(): void {
    if (this.#isEndless) this.#abort.abort();
  }

  async #run(body: Buffer): Promise<void> {
    if (this.#isGone) return;
    const answer = await this.#answer(body);
    if (this.#isGone) return;
    if ("value" in answer) this.#send(this.#json(answer));
    else {
      this.#isEndless = answer.endless;
      await this.#sendLines(answer.lines);
    }
    if (!this.#isGone) this.#output.answered(answer.status, false);
  }

  #fail(error: Error): void {
    if (!this.#isGone) this.#output.cut(error.message);
  }

  #json({ status, value }: { readonly status: number; readonly value: unknown }): string {
    const { head, requestId } = this.#call;
    return jsonAnswer({ status, close: false, requestId }, value, head.method);
  }

  #answer(body: Buffer): Promise<AdminAnswer> | AdminAnswer {
    const { head, caller } = this.#call;
    if (!head.target.startsWith(ADMIN_PREFIX))
      return { status: 404, value: refusal(`there is only ${ADMIN_PREFIX}`) };
    const [path = "", query = ""] = head.target.slice(ADMIN_PREFIX.length).split(/\?(.*)/s);
    return this.#api.answer({
      method: head.method,
      path,
      query: new URLSearchParams(query),
      body,
      client: caller.client ?? "",
      signal: this.#abort.signal,
    });
  }

  #send(text: string): boolean {
    return this.#output.pass(Buffer.from(text));
  }

  async #sendLines(lines: AsyncIterable<string>): Promise<void> {
    const { requestId } = this.#call;
    const type = "application/x-ndjson";
    this.#send(answerHead({ status: 200, type, length: null, close: false, requestId }));
    for await (const line of lines) {
      if (this.#isGone) return;
      const size = Buffer.byteLength(line) + 1;
      if (!this.#send(`${size.toString(16)}\r\n${line}\n\r\n`)) await this.#untilDrained();
    }
    if (!this.#isGone) this.#send("0\r\n\r\n");
  }

  #untilDrained(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = null;
        resolve();
      };
    });
  }
}
