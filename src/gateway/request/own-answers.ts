/** Answers that the gateway gives itself: refusals, and those of the admin API. */
import { AdminCall, type AdminOutput } from "../admin/admin-call.ts";
import type { AdminApi } from "../admin-port.ts";
import { jsonAnswer, refusal } from "../docker/answer.ts";
import type { Exchanges } from "../record/exchanges.ts";
import type { Caller } from "../record/request-record.ts";
import type { GatheredRequest } from "./gathered-request.ts";
import type { Refusal } from "./state.ts";

export class OwnAnswers {
  readonly #api: AdminApi;
  readonly #caller: Caller;
  readonly #exchanges: Exchanges;
  readonly #output: AdminOutput;
  #adminCall: AdminCall | null = null;

  /** @param output where the admin API's answers go */
  constructor(api: AdminApi, caller: Caller, exchanges: Exchanges, output: AdminOutput) {
    this.#api = api;
    this.#caller = caller;
    this.#exchanges = exchanges;
    this.#output = output;
  }

  /** The admin API call in progress. */
  get adminCall(): AdminCall | null {
    return this.#adminCall;
  }

  /** Calls the admin API. @param request with its whole body */
  callAdminApi(request: GatheredRequest): void {
    const call = { head: request.head, caller: this.#caller, requestId: this.#exchanges.requestId };
    this.#adminCall = new AdminCall(this.#api, call, this.#output);
    this.#adminCall.run(request.takeBody());
  }

  /** Refuses the current request and ends its record. @returns the answer; undefined: there is no current request */
  refuse({ status, text, error }: Refusal, close: boolean): string | undefined {
    const { current, requestId } = this.#exchanges;
    if (current === null) return undefined;
    if (!current.isDecided && error !== undefined) current.refuse("refuse", error);
    const answer = jsonAnswer({ status, close, requestId }, refusal(text), current.request.method);
    current.status = status;
    current.bytesOut = Buffer.byteLength(answer);
    this.finish(error);
    return answer;
  }

  /** Ends the current request's record and its admin API call. @param error why it ended early */
  finish(error?: string): void {
    this.#adminCall?.abort();
    this.#adminCall = null;
    this.#exchanges.end(error);
  }
}
