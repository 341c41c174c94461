/** Carries a connection through its states: asks `transition.ts` what follows from an event, and does it (ADR 0020). */
import type { Memory } from "../admission/memory.ts";
import { CONTINUE } from "../docker/answer.ts";
import type { GatewayContext } from "../gateway-context.ts";
import type { MakeTunnel } from "../grpc/tunnel.ts";
import type { Exchanges } from "../record/exchanges.ts";
import { needsClient } from "../record/is-observer.ts";
import type { Caller } from "../record/request-record.ts";
import type { Deadline } from "../stream/deadline.ts";
import type { Authoriser, Judged } from "./authorise.ts";
import type { ClientSide } from "./client-side.ts";
import type { GatheredRequest } from "./gathered-request.ts";
import type { OwnAnswers } from "./own-answers.ts";
import type { Relay } from "./relay.ts";
import type { RequestReader } from "./request-reader.ts";
import type { Effect, Event, Outgoing, Refusal, Rest, State, ToJudge } from "./state.ts";
import { LEAVING, TOO_LARGE, transition } from "./transition.ts";

const NOTHING_LEFT = { keepsMore: false, isEndless: false, onlyReads: true };

export interface FlowParts {
  readonly context: GatewayContext;
  readonly caller: Caller;
  readonly exchanges: Exchanges;
  readonly client: ClientSide;
  readonly relay: Relay;
  readonly reader: RequestReader;
  readonly authoriser: Authoriser;
  readonly deadline: Deadline;
  readonly memory: Memory;
  readonly own: OwnAnswers;
}

export class RequestFlow {
  readonly #parts: FlowParts;
  #state: State;
  /** Makes what judges calls, should the current request be upgraded; null: its bytes pass unchanged. */
  #makeTunnel: MakeTunnel | null = null;

  /** @param closing whether the connection ends after its first answer */
  constructor(parts: FlowParts, closing: boolean) {
    this.#parts = parts;
    this.#state = { at: "idle", closing, clientEnded: false };
  }

  get state(): State {
    return this.#state;
  }

  /** What is still to come, should the client end. */
  get rest(): Rest {
    const { reader, own, exchanges } = this.#parts;
    const isEndless = own.adminCall?.isEndless ?? needsClient(exchanges.current?.request.call ?? null);
    return { keepsMore: reader.keeps, isEndless };
  }

  tell(event: Event): void {
    const { state, effects } = transition(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#run(effect);
  }

  /** Adds to a body that is being gathered. */
  gather(request: GatheredRequest, bytes: Buffer): void {
    request.add(bytes);
    if (request.isTooLarge) this.tell({ type: "too-large" });
  }

  /** Ends both sides at once. @param why goes to the audit log */
  cut(why: string): void {
    this.#state = LEAVING;
    this.#parts.reader.stop();
    this.#parts.authoriser.stop();
    this.#parts.own.finish(why);
    this.#parts.relay.dropDocker();
    this.#parts.client.destroy();
  }

  /** Ends everything: the client's socket is closed. */
  clientGone(why: string): void {
    this.#state = LEAVING;
    this.#parts.authoriser.stop();
    this.#parts.own.finish(why);
    this.#parts.relay.dropDocker();
    this.#parts.memory.end();
  }

  /** Reads no more requests while the client takes no answers: they would pile up. Too many refusals make it wait. */
  askToProceed(): void {
    const { context, client, caller } = this.#parts;
    if (this.#state.at !== "paused" || client.isFull) return;
    if (this.#state.refused && !context.mayRefuse(caller)) return;
    this.tell({ type: "proceed" });
  }

  /** Sets the deadline for the rest of a head, or for the next request. */
  awaitRequest(): void {
    const { deadline, reader } = this.#parts;
    deadline.set(reader.headDue ? "head" : "request");
  }

  #run(effect: Effect): void {
    const { client, relay, own } = this.#parts;
    switch (effect.do) {
      case "forward":
        this.#forward(effect.request);
        break;
      case "read-body":
        this.#readBody(effect.request);
        break;
      case "judge":
        this.#judge(effect.outcome);
        break;
      case "call-admin-api":
        this.#callAdminApi(effect.outcome.request);
        break;
      case "refuse":
        this.#refuse(effect.refusal, effect.close);
        break;
      case "finish":
        own.finish();
        break;
      case "ask-to-proceed":
        this.askToProceed();
        break;
      case "read-next":
        this.#readNext();
        break;
      case "become-raw":
        this.#becomeRaw();
        break;
      case "leave":
        this.#leave();
        break;
      case "cut":
        this.cut(effect.why);
        break;
      case "end-docker":
        relay.endDocker();
        break;
      case "renew-docker":
        relay.renewDocker();
        break;
      case "drop-docker":
        relay.dropDocker();
        break;
      case "half-close-client":
        relay.halfCloseClient();
        break;
      case "drop-client":
        client.destroy();
        break;
    }
  }

  #forward({ terms, bytes, isJudged, tunnel }: Outgoing): void {
    const { relay } = this.#parts;
    this.#makeTunnel = tunnel;
    relay.begin(terms);
    if (isJudged) relay.toDockerWhole(bytes);
    else relay.toDocker(bytes);
  }

  #readBody({ head }: GatheredRequest): void {
    const { client, deadline } = this.#parts;
    deadline.set("whole-body");
    if (head.expectContinue) client.write(CONTINUE);
  }

  #judge(outcome: ToJudge): void {
    const { deadline, authoriser } = this.#parts;
    deadline.clear();
    const judged = authoriser.judge(outcome);
    if (judged instanceof Promise) judged.then((verdict) => this.#judged(outcome, verdict));
    else this.#judged(outcome, judged);
  }

  /** The connection may have ended in the meantime: then nothing is recorded as permitted, and nothing is sent. */
  #judged(outcome: ToJudge, verdict: Judged): void {
    if (this.#state.at !== "judging") return;
    const decided = this.#parts.authoriser.byVerdict(outcome, verdict);
    this.tell({ type: "judged", outcome: decided, ...this.rest });
  }

  #callAdminApi(request: GatheredRequest): void {
    const { deadline, own } = this.#parts;
    deadline.clear();
    if (request.isTooLarge) this.tell({ type: "refused", refusal: TOO_LARGE });
    else own.callAdminApi(request);
  }

  /** If the connection ends with it, the refusal is its last answer. */
  #refuse(refusal: Refusal, close: boolean): void {
    const { own, client } = this.#parts;
    const answer = own.refuse(refusal, close);
    if (close) this.#leave(answer);
    else if (answer !== undefined) client.write(answer);
  }

  /** Goes on to the next request; if that has already arrived, the reader reports it at once. */
  #readNext(): void {
    const { reader, memory } = this.#parts;
    if (!reader.next()) return;
    memory.keeps(reader.keptBytes);
    if (this.#state.at !== "idle") return;
    if (this.#state.clientEnded) this.tell({ type: "client-ended", ...NOTHING_LEFT });
    else this.awaitRequest();
  }

  /** Bytes that were kept after the request belong to the stream. */
  #becomeRaw(): void {
    const { reader, relay, client, deadline, memory } = this.#parts;
    deadline.clear();
    const kept = reader.stop();
    memory.keeps(0);
    client.read("reader", true);
    const make = this.#makeTunnel;
    const over = () => this.tell({ type: "docker-ended", how: "complete", why: "" });
    if (make !== null) relay.beginTunnel((ends) => make(this.#parts, ends), over);
    if (kept !== null) relay.pipe(kept);
  }

  /** Sends the farewell and nothing more. What the client still sends is dropped. */
  #leave(farewell?: string): void {
    const { reader, relay, client, deadline, authoriser } = this.#parts;
    reader.stop();
    authoriser.stop();
    deadline.clear();
    relay.dropDocker();
    client.leave(farewell);
  }
}
