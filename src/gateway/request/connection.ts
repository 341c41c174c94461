/**
 * One client connection and its own connection to dockerd. Heads are read on both sides, bodies are passed as they
 * came, one exchange at a time; only the *answer* can make it a raw pipe (101, or 200 without framing to a hijack).
 * A pipe made on the request would let whatever follows a refused attach walk past the policy.
 */
import { findOperation } from "../../engine/index.ts";
import { PROBLEMS, type Problem, type RequestHead } from "../../http/index.ts";
import { LocalCall, type LocalOutput } from "../admin/local-call.ts";
import { Memory } from "../admission/memory.ts";
import { permit } from "../clients/permit.ts";
import { refusalStatus, refusalText } from "../clients/refusal-text.ts";
import { hasExpired, isWelcome, type Standing } from "../clients/standing.ts";
import { CONTINUE } from "../docker/answer.ts";
import { type DockerEnd, type DockerEvents, DockerSide } from "../docker/docker-side.ts";
import { termsOf } from "../docker/docker-terms.ts";
import type { GatewayContext } from "../gateway-context.ts";
import { isLocalTarget } from "../local-api.ts";
import { isObserver } from "../record/is-observer.ts";
import type { Caller } from "../record/request-record.ts";
import { Deadline } from "../stream/deadline.ts";
import { type ClientEvents, ClientSide } from "./client-side.ts";
import type { ConnectionParts } from "./connection-parts.ts";
import type { Exchange } from "./exchange.ts";
import { Exchanges } from "./exchanges.ts";
import { RequestReader, type RequestReaderEvents } from "./request-reader.ts";

export class Connection implements ClientEvents, DockerEvents, RequestReaderEvents, LocalOutput {
  readonly caller: Caller;
  readonly standing: Standing;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly exchanges: Exchanges;
  readonly #context: GatewayContext;
  readonly #client: ClientSide;
  #docker: DockerSide;
  readonly #reader: RequestReader;
  readonly #deadline: Deadline;
  readonly #memory: Memory;
  readonly #onGone: () => void;
  #local: LocalCall | null = null;
  #answeredEarly = false;
  #raw = false;
  /** The next request waits until the client has taken the answers before it, or for its turn to be refused again. */
  #heldBack = false;
  /** The last request was refused: the next one waits where that happens too often. */
  #wasRefused = false;
  #closeAfter: boolean;

  constructor(context: GatewayContext, { socket, standing, caller, onGone }: ConnectionParts) {
    this.#context = context;
    this.standing = standing;
    this.caller = caller;
    this.#onGone = onGone;
    this.since = context.clock();
    this.exchanges = new Exchanges(context, this.caller);
    this.#deadline = new Deadline(context);
    // Who may ask nothing is told so once, and does not sit on a connection until then.
    this.#closeAfter = !isWelcome(standing);
    if (this.#closeAfter) this.#deadline.set("head");
    this.#reader = new RequestReader(context.limits.headBytes, this, this.#closeAfter);
    this.#memory = new Memory(context, caller.owner, () => this.cut("too-much-waiting"));
    this.#docker = new DockerSide(context.connect, this.#memory, this);
    this.#client = new ClientSide(socket, context, this.#memory, this);
  }

  get #exchange(): Exchange | null {
    return this.exchanges.current;
  }

  /** Ends it at once, streams too. @param why goes to the audit log */
  cut(why: string): void {
    this.#finish(why);
    this.#docker.destroy();
    this.#client.destroy();
  }

  /**
   * Ends it as soon as nothing runs any more, and at once where somebody only looks on; who came a moment ago may still
   * ask. @param now ms since the epoch
   */
  drain(now: number): void {
    this.#closeAfter = true;
    this.#local?.end();
    const isNew = this.exchanges.count === 0 && now < this.since + this.#context.limits.lingerMs;
    if (isObserver(this.#exchange?.asked.call ?? null)) this.cut("shutdown");
    else if (this.#exchange === null && !this.#reader.keeps && !isNew) this.#leave();
  }

  /** Looks at deadlines. @param now milliseconds since the epoch */
  sweep(now: number): void {
    if (hasExpired(this.standing, now)) this.cut("expired-client");
    else if (this.#deadline.isOver(now)) this.#expire();
    else if (this.#heldBack && this.#wasRefused) this.#proceed();
    else this.#client.sweep(now);
  }

  get isIdle(): boolean {
    return this.#exchange === null && !this.#reader.keeps;
  }

  get holdsBytes(): boolean {
    return this.#docker.isWriting;
  }

  fromClient(bytes: Buffer): void {
    if (this.#raw) this.#toDocker(bytes);
    else this.#reader.take(bytes);
    if (this.#reader.headDue) this.#deadline.set("head");
    this.#memory.keeps(this.#reader.keptBytes);
  }

  asked(head: RequestHead, bytes: Buffer): void {
    const { method, target } = head;
    const local = isLocalTarget(target);
    const call = local ? null : findOperation(method, target);
    const decision = permit(this.#context, this.standing, call, local);
    this.#closeAfter ||= head.close;
    this.#deadline.clear();
    this.exchanges.begin(
      { method, target, call, decision: decision.allow ? "allow" : "deny", rule: decision.rule },
      bytes.length,
    );
    if (!decision.allow) this.#answer(refusalStatus(decision.rule), decision.reason);
    else if (!this.#exchange?.begin()) this.#answer(503, refusalText("audit-unwritable"));
    else if (local) this.#callLocally(head, bytes.subarray(head.length));
    else {
      this.#docker.begin(termsOf(head, call, decision.answer, this.#context.limits));
      this.#toDocker(bytes);
    }
  }

  body(bytes: Buffer): void {
    if (this.#exchange !== null) this.#exchange.bytesIn += bytes.length;
    if (this.#local !== null) this.#toLocal(this.#local, bytes);
    else this.#toDocker(bytes);
    if (this.#answeredEarly && !this.#reader.bodyDue) this.#completed();
  }

  /** What dockerd has of it must not look whole: its connection is cut. */
  malformed(problem: Problem, head: Pick<RequestHead, "method" | "target"> | null): void {
    const hasAnswered = head === null && this.#local === null && this.#docker.hasAnswered;
    this.#docker.destroy();
    this.#closeAfter = true;
    if (head !== null) this.exchanges.beginMalformed(head, problem.code);
    if (hasAnswered) this.cut(problem.code);
    else this.#answer(problem.status, problem.text, problem.code);
  }

  wants(more: boolean): void {
    this.#client.read("reader", more);
  }

  clientEnded(): void {
    if (this.#answeredEarly) this.#completed();
    else if (this.#exchange === null) {
      if (!this.#heldBack) this.#leave();
    } else if (this.#local === null) {
      if (!this.#reader.keeps) this.#docker.end();
    } else if (this.#local.isEndless || this.#reader.bodyDue) this.#client.destroy();
  }

  clientGone(why: string): void {
    this.#finish(why);
    this.#docker.destroy();
    this.#memory.end();
    this.#onGone();
  }

  clientDrained(): void {
    this.#docker.resume();
    this.#local?.drained();
    if (this.#heldBack) this.#proceed();
  }

  pass(bytes: Buffer): boolean {
    if (this.#exchange !== null) this.#exchange.bytesOut += bytes.length;
    const flows = this.#client.pass(bytes);
    if (!flows) this.#docker.pause();
    return flows;
  }

  answered(status: number, close: boolean): void {
    if (this.#exchange !== null) this.#exchange.status = status;
    this.#closeAfter ||= close;
    // dockerd may answer before it has read the whole request: the rest still belongs to it.
    if (this.#reader.bodyDue && !this.#closeAfter && !this.#client.hasEnded) this.#answeredEarly = true;
    else this.#completed();
  }

  becameRaw(status: number): void {
    this.#exchange?.becomeStream(status);
    this.#raw = true;
    this.#deadline.clear();
    const kept = this.#reader.stop();
    this.wants(true);
    if (kept !== null) this.#toDocker(kept);
    if (this.#client.hasEnded) this.#docker.end();
  }

  drained(): void {
    this.#client.read("docker", true);
    this.#awaitBody();
  }

  ended(how: DockerEnd, why: string): void {
    if (how === "half" && !this.#client.hasEnded) this.#client.halfClose();
    else if (how === "cut") this.cut(why);
    else if (how === "unanswered") {
      this.#closeAfter = true;
      this.#answer(502, `Docker on the host did not answer: ${why}`, why);
    } else {
      this.#finish();
      this.#leave();
    }
  }

  #callLocally(head: RequestHead, bytes: Buffer): void {
    const call = { head, caller: this.caller, requestId: this.exchanges.requestId };
    this.#local = new LocalCall(this.#context.localApi, call, this);
    if (head.expectContinue && this.#reader.bodyDue) this.#client.write(CONTINUE);
    this.#toLocal(this.#local, bytes);
  }

  #toLocal(local: LocalCall, bytes: Buffer): void {
    this.#awaitBody();
    local.take(bytes, !this.#reader.bodyDue);
  }

  #toDocker(bytes: Buffer): void {
    if (this.#raw && this.#exchange !== null) this.#exchange.bytesIn += bytes.length;
    const flows = this.#docker.write(this.#client.kept(bytes));
    if (flows) this.#awaitBody();
    else {
      this.#client.read("docker", false);
      this.#deadline.clear();
    }
  }

  #awaitBody(): void {
    if (this.#reader.bodyDue) this.#deadline.set("body");
    else this.#deadline.clear("body");
  }

  #completed(): void {
    this.#finish();
    if (this.#closeAfter || this.#context.draining || this.#docker.hasEnded) this.#leave();
    else this.#proceed();
  }

  /** On to the next request. A client that takes no answers is asked for no more: they would pile up here. */
  #proceed(): void {
    this.#heldBack = this.#client.isFull || (this.#wasRefused && !this.#context.mayRefuse(this.caller));
    if (this.#heldBack) return;
    this.#wasRefused = false;
    this.#reader.next();
    this.#memory.keeps(this.#reader.keptBytes);
    if (this.#exchange !== null) return;
    if (this.#client.hasEnded) this.#leave();
    else this.#deadline.set(this.#reader.headDue ? "head" : "request");
  }

  #expire(): void {
    const { due } = this.#deadline;
    this.#deadline.clear();
    if (due === "request") this.#docker = this.#docker.renewed();
    else if (due === "body") this.malformed(PROBLEMS.bodyTimeout, null);
    else this.malformed(PROBLEMS.headTimeout, { method: "", target: "" });
  }

  /** An answer of ours instead of dockerd's. @param error why the exchange did not end as it should */
  #answer(status: number, text: string, error?: string): void {
    this.#closeAfter ||= this.#reader.bodyDue;
    const answer = this.exchanges.refuse(status, text, this.#closeAfter);
    this.#finish(error);
    if (this.#closeAfter) this.#leave(answer);
    else {
      this.#client.write(answer);
      this.#wasRefused = true;
      this.#proceed();
    }
  }

  #finish(error?: string): void {
    this.#local?.abort();
    this.#local = null;
    this.#answeredEarly = false;
    this.exchanges.end(error);
  }

  /** We say no more. What the client still sends is dropped. */
  #leave(farewell?: string): void {
    this.#heldBack = false;
    this.#reader.stop();
    this.#deadline.clear();
    this.#docker.destroy();
    this.#client.leave(farewell);
  }
}
