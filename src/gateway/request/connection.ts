/**
 * One client connection and its own connection to dockerd. What either side does becomes an event for the request flow.
 * Only dockerd's *answer* turns the connection into a raw pipe: if the request did, whatever follows a refused attach
 * would bypass the policy.
 */
import type { Duplex } from "node:stream";
import { PROBLEMS, type Problem, type RequestHead } from "../../http/index.ts";
import type { AdminOutput } from "../admin/admin-call.ts";
import { Memory } from "../admission/memory.ts";
import { type Authorization, hasExpired, isAuthorized } from "../clients/authorization.ts";
import type { DockerEnd, DockerEvents } from "../docker/docker-side.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { Exchanges } from "../record/exchanges.ts";
import { isObserver } from "../record/is-observer.ts";
import type { Caller } from "../record/request-record.ts";
import { Deadline } from "../stream/deadline.ts";
import { Authoriser } from "./authorise.ts";
import { type ClientEvents, ClientSide } from "./client-side.ts";
import { OwnAnswers } from "./own-answers.ts";
import { Relay } from "./relay.ts";
import { RequestFlow } from "./request-flow.ts";
import { RequestReader, type RequestReaderEvents } from "./request-reader.ts";
import { refusalOf } from "./transition.ts";

/** What a connection is made of. */
export interface ConnectionParts {
  /** With TLS done and half-open allowed. */
  readonly socket: Duplex;
  readonly authorization: Authorization;
  readonly caller: Caller;
  /** Called once, when the client's socket is closed. */
  readonly onGone: () => void;
}

export class Connection implements ClientEvents, DockerEvents, RequestReaderEvents, AdminOutput {
  readonly caller: Caller;
  readonly authorization: Authorization;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly exchanges: Exchanges;
  readonly #context: GatewayContext;
  readonly #client: ClientSide;
  readonly #relay: Relay;
  readonly #reader: RequestReader;
  readonly #authoriser: Authoriser;
  readonly #own: OwnAnswers;
  readonly #flow: RequestFlow;
  readonly #deadline: Deadline;
  readonly #memory: Memory;
  readonly #onGone: () => void;

  constructor(context: GatewayContext, { socket, authorization, caller, onGone }: ConnectionParts) {
    this.#context = context;
    this.authorization = authorization;
    this.caller = caller;
    this.#onGone = onGone;
    this.since = context.clock();
    const exchanges = new Exchanges(context, caller);
    const deadline = new Deadline(context);
    // A peer that may ask nothing is told so once, and has a deadline to ask: it must not hold the connection open.
    const isRefused = !isAuthorized(authorization);
    if (isRefused) deadline.set("head");
    const reader = new RequestReader(context.limits.headBytes, this, isRefused);
    const memory = new Memory(context, caller.owner, () => this.cut("too-much-waiting"));
    const client = new ClientSide(socket, context, memory, this);
    const relay = new Relay(context.connect, { client, reader, exchanges, deadline, memory }, this);
    const authoriser = new Authoriser(context, authorization, exchanges, memory);
    const own = new OwnAnswers(context.adminApi, caller, exchanges, this);
    const parts = { context, caller, exchanges, client, relay, reader, authoriser, deadline, memory, own };
    this.#flow = new RequestFlow(parts, isRefused || context.draining);
    this.exchanges = exchanges;
    this.#deadline = deadline;
    this.#reader = reader;
    this.#memory = memory;
    this.#client = client;
    this.#relay = relay;
    this.#authoriser = authoriser;
    this.#own = own;
  }

  get isIdle(): boolean {
    return this.exchanges.current === null && !this.#reader.keeps;
  }

  /** Ends it at once, streams too. @param why goes to the audit log */
  cut(why: string): void {
    this.#flow.cut(why);
  }

  /** Ends it as soon as nothing is running. @param now milliseconds since the epoch */
  drain(now: number): void {
    this.#own.adminCall?.end();
    this.#flow.tell({
      type: "drain",
      keepsMore: this.#reader.keeps,
      isObserver: isObserver(this.exchanges.current?.request.call ?? null),
      isNew: this.exchanges.count === 0 && now < this.since + this.#context.limits.lingerMs,
    });
  }

  /** Checks the deadlines. @param now milliseconds since the epoch */
  sweep(now: number): void {
    const { state } = this.#flow;
    if (hasExpired(this.authorization, now)) this.cut("expired-client");
    else if (this.#deadline.isOver(now)) this.#expire();
    else if (state.at === "paused" && state.refused) this.#flow.askToProceed();
    this.#client.sweep(now);
  }

  get holdsBytes(): boolean {
    return this.#relay.isWriting;
  }

  fromClient(bytes: Buffer): void {
    if (this.#flow.state.at === "raw") {
      this.#relay.pipe(bytes);
      return;
    }
    this.#reader.take(bytes);
    if (this.#flow.state.at === "idle") this.#flow.awaitRequest();
    this.#memory.keeps(this.#reader.keptBytes);
  }

  clientEnded(): void {
    const onlyReads = this.exchanges.current?.request.call?.operation.kind === "read";
    this.#flow.tell({ type: "client-ended", onlyReads, ...this.#flow.rest });
  }

  clientGone(why: string): void {
    this.#flow.clientGone(why);
    this.#onGone();
  }

  clientDrained(): void {
    this.#relay.clientDrained();
    this.#own.adminCall?.drained();
    this.#flow.askToProceed();
  }

  wants(more: boolean): void {
    this.#client.read("reader", more);
  }

  asked(head: RequestHead, bytes: Buffer): void {
    this.#deadline.clear();
    const outcome = this.#authoriser.byHead(head, bytes);
    const { bodyDue } = this.#reader;
    this.#flow.tell({ type: "head", outcome, close: head.close, bodyDue, ...this.#flow.rest });
  }

  body(bytes: Buffer): void {
    const { state } = this.#flow;
    const { current } = this.exchanges;
    if (current !== null) current.bytesIn += bytes.length;
    if (state.at === "gathering") this.#flow.gather(state.next.request, bytes);
    else this.#relay.toDocker(bytes);
    if (!this.#reader.bodyDue) this.#flow.tell({ type: "body-end" });
  }

  malformed(problem: Problem, head: Pick<RequestHead, "method" | "target"> | null): void {
    if (head !== null) this.exchanges.beginMalformed(head, problem.code);
    const { hasAnswered } = this.#relay;
    this.#flow.tell({ type: "broken", refusal: refusalOf(problem), hasAnswered });
  }

  pass(bytes: Buffer): boolean {
    return this.#relay.toClient(bytes);
  }

  answered(status: number, close: boolean): void {
    if (this.exchanges.current !== null) this.exchanges.current.status = status;
    this.#flow.tell({ type: "answered", close: close || this.#relay.hasEnded });
  }

  becameRaw(status: number): void {
    this.exchanges.current?.becomeStream(status);
    this.#flow.tell({ type: "upgraded" });
  }

  drained(): void {
    this.#relay.dockerDrained();
  }

  unread(): void {
    this.cut("too-much-unread");
  }

  ended(how: DockerEnd, why: string): void {
    this.#flow.tell({ type: "docker-ended", how, why });
  }

  #expire(): void {
    const { due } = this.#deadline;
    this.#deadline.clear();
    if (due === "request") this.#relay.renewDocker();
    else if (due === "head") this.malformed(PROBLEMS.headTimeout, { method: "", target: "" });
    else this.malformed(PROBLEMS.bodyTimeout, null);
  }
}
