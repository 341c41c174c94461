/**
 * One client connection and its own connection to dockerd. Heads are read on both sides, bodies are passed as they
 * came, one exchange at a time; only the *answer* can make it a raw pipe (101, or 200 without framing to a hijack).
 * A pipe made on the request would let whatever follows a refused attach walk past the policy.
 */
import type { Duplex } from "node:stream";
import { findOperation } from "../engine/index.ts";
import type { Problem, RequestHead } from "../http/index.ts";
import type { Role } from "../policy/index.ts";
import { jsonAnswer, refusal } from "./answer.ts";
import type { Asked, Caller } from "./asked.ts";
import { type ClientEvents, ClientSide } from "./client-side.ts";
import type { Admission } from "./clients.ts";
import { Deadline } from "./deadline.ts";
import { type DockerEnd, type DockerEvents, DockerSide } from "./docker-side.ts";
import { termsOf } from "./docker-terms.ts";
import { Exchange } from "./exchange.ts";
import type { Hub } from "./hub.ts";
import { Intake, type IntakeEvents } from "./intake.ts";
import { isLocalTarget } from "./local-api.ts";
import { LocalCall } from "./local-call.ts";
import type { Peer } from "./peer.ts";
import { permit } from "./permit.ts";
import { type ConnectionRule, refusalStatus } from "./refusal-text.ts";

/** Where a connection comes from and goes to. */
export interface ConnectionParts {
  /** TLS done; half-open allowed. */
  readonly socket: Duplex;
  readonly peer: Peer;
  /** Unique, for audit and admins. */
  readonly id: string;
  /** Called once, when the client's socket is closed. */
  readonly onGone: (connection: Connection) => void;
}

export class Connection implements ClientEvents, DockerEvents, IntakeEvents {
  readonly caller: Caller;
  readonly peer: Peer;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly admission: Admission;
  /** null: not admitted, or its role is not defined. */
  readonly role: Role | null;
  /** Why nothing is let through, whoever it is. */
  barred: ConnectionRule | null = null;
  readonly #hub: Hub;
  readonly #client: ClientSide;
  readonly #docker: DockerSide;
  readonly #intake: Intake;
  readonly #deadline = new Deadline();
  readonly #onGone: (connection: Connection) => void;
  #exchange: Exchange | null = null;
  #local: LocalCall | null = null;
  #answeredEarly = false;
  #raw = false;
  #closeAfter = false;
  #requests = 0;

  constructor(hub: Hub, { socket, peer, id, onGone }: ConnectionParts) {
    this.#hub = hub;
    this.peer = peer;
    this.#onGone = onGone;
    this.since = hub.clock();
    this.admission = hub.admit(peer);
    this.role = this.admission.admitted ? (hub.role(this.admission.client.role) ?? null) : null;
    const name = this.admission.client?.name ?? null;
    this.caller = { connection: id, client: name, fingerprint: peer.fingerprint, address: peer.address };
    this.#intake = new Intake(hub.limits.headBytes, this);
    this.#docker = new DockerSide(hub.connect, this);
    this.#client = new ClientSide(socket, hub.limits, this);
  }

  get requests(): number {
    return this.#requests;
  }

  /** What runs now; null between requests. */
  get current(): Asked | null {
    return this.#exchange?.asked ?? null;
  }

  /** Ends it at once, streams too. @param why goes to the audit log */
  cut(why: string): void {
    this.#finish(why);
    this.#docker.destroy();
    this.#client.destroy();
  }

  /** Ends it as soon as nothing runs any more. */
  drain(): void {
    this.#closeAfter = true;
    if (this.#exchange === null && !this.#intake.keeps) this.#leave("");
  }

  /** Looks at deadlines. @param now milliseconds since the epoch */
  sweep(now: number): void {
    const { admission, peer } = this;
    if (admission.admitted && (admission.until <= now || peer.notAfter <= now)) this.cut("expired-client");
    else if (this.#deadline.isOver(now)) this.#expire();
    else this.#client.sweep(now);
  }

  fromClient(bytes: Buffer): void {
    if (this.#raw) this.#toDocker(bytes);
    else this.#intake.take(bytes);
    if (this.#intake.headDue && this.#deadline.due === null)
      this.#deadline.set("head", this.#hub.coarseNow, this.#hub.limits);
  }

  asked(head: RequestHead, bytes: Buffer): void {
    const { method, target } = head;
    const local = isLocalTarget(target);
    const call = local ? null : findOperation(method, target);
    const decision = permit(this.#hub, this, call, local);
    this.#closeAfter ||= head.close;
    this.#deadline.clear();
    this.#start(
      { method, target, call, decision: decision.allow ? "allow" : "deny", rule: decision.rule },
      bytes,
    );
    if (!decision.allow) this.#answer(refusalStatus(decision.rule), decision.reason);
    else if (local) this.#callLocally(head, bytes.subarray(head.length));
    else {
      this.#docker.begin(termsOf(head, call, decision.blank, this.#hub.limits));
      this.#toDocker(bytes);
    }
  }

  body(bytes: Buffer): void {
    if (this.#exchange !== null) this.#exchange.bytesIn += bytes.length;
    if (this.#local !== null) this.#local.take(bytes, !this.#intake.bodyDue);
    else this.#toDocker(bytes);
    if (this.#answeredEarly && !this.#intake.bodyDue) this.#completed();
  }

  /** What dockerd has of it must not look whole: its connection is cut. */
  malformed(problem: Problem, head: RequestHead | null): void {
    this.#docker.destroy();
    this.#closeAfter = true;
    const asked = { call: null, decision: "refuse", rule: problem.code } as const;
    if (head !== null) this.#start({ ...asked, method: head.method, target: head.target }, null);
    if (this.#docker.hasAnswered || this.#answeredEarly) this.cut(problem.code);
    else this.#answer(problem.status, problem.text, problem.code);
  }

  wants(more: boolean): void {
    if (more) this.#client.resume();
    else this.#client.pause();
  }

  clientEnded(): void {
    if (this.#exchange === null) this.#leave("");
    else if (this.#local !== null) this.#client.destroy();
    else if (!this.#intake.keeps) this.#docker.end();
  }

  clientGone(why: string): void {
    this.#finish(why);
    this.#docker.destroy();
    this.#onGone(this);
  }

  clientDrained(): void {
    this.#docker.resume();
    this.#local?.drained();
  }

  pass(bytes: Buffer): boolean {
    if (this.#exchange !== null) this.#exchange.bytesOut += bytes.length;
    const flows = this.#client.write(bytes);
    if (!flows) this.#docker.pause();
    return flows;
  }

  answered(status: number, close: boolean): void {
    if (this.#exchange !== null) this.#exchange.status = status;
    this.#closeAfter ||= close;
    // dockerd may answer before it has read the whole request: the rest still belongs to it.
    if (this.#intake.bodyDue && !this.#closeAfter) this.#answeredEarly = true;
    else this.#completed();
  }

  becameRaw(status: number): void {
    const exchange = this.#exchange as Exchange;
    exchange.status = status;
    exchange.becomeStream();
    this.#raw = true;
    this.#deadline.clear();
    const kept = this.#intake.stop();
    this.#client.resume();
    if (kept !== null) this.#toDocker(kept);
    if (this.#client.hasEnded) this.#docker.end();
  }

  drained(): void {
    if (this.#raw || !this.#intake.keeps) this.#client.resume();
    this.#awaitBody();
  }

  ended(how: DockerEnd, why: string): void {
    if (how === "half") this.#client.halfClose();
    else if (how === "cut") this.cut(why);
    else if (how === "unanswered") {
      this.#closeAfter = true;
      this.#answer(502, `Docker on the host did not answer: ${why}`, why);
    } else {
      this.#finish();
      this.#leave("");
    }
  }

  #start(asked: Asked, bytes: Buffer | null): void {
    this.#exchange = new Exchange(this.#hub, this.caller, ++this.#requests, asked);
    this.#exchange.bytesIn = bytes?.length ?? 0;
  }

  #callLocally(head: RequestHead, bytes: Buffer): void {
    const requestId = `${this.caller.connection}-${this.#requests}`;
    this.#local = new LocalCall(
      this.#hub.localApi,
      { head, caller: this.caller, requestId },
      { write: (octets) => this.pass(octets), done: (status) => this.answered(status, false) },
    );
    this.#local.take(bytes, !this.#intake.bodyDue);
  }

  #toDocker(bytes: Buffer): void {
    if (this.#raw && this.#exchange !== null) this.#exchange.bytesIn += bytes.length;
    if (this.#docker.write(bytes)) this.#awaitBody();
    else {
      this.#client.pause();
      this.#deadline.clear();
    }
  }

  #awaitBody(): void {
    if (this.#intake.bodyDue && !this.#raw) this.#deadline.set("body", this.#hub.coarseNow, this.#hub.limits);
    else this.#deadline.clear();
  }

  #completed(): void {
    this.#finish();
    if (this.#closeAfter || this.#hub.draining || this.#docker.hasEnded) this.#leave("");
    else {
      this.#intake.next();
      if (this.#client.hasEnded && this.#exchange === null) this.#leave("");
    }
  }

  #expire(): void {
    const { due } = this.#deadline;
    this.#deadline.clear();
    if (due === "body") this.cut("the request's body stalled");
    else {
      this.#start({ method: "", target: "", call: null, decision: "refuse", rule: "head-timeout" }, null);
      this.#closeAfter = true;
      this.#answer(408, "the request's head did not come in time");
    }
  }

  /** An answer of ours instead of dockerd's. @param error why the exchange did not end as it should */
  #answer(status: number, text: string, error?: string): void {
    const exchange = this.#exchange as Exchange;
    exchange.status = status;
    this.#closeAfter ||= this.#intake.bodyDue;
    const requestId = `${this.caller.connection}-${exchange.number}`;
    const answer = jsonAnswer(
      { status, close: this.#closeAfter, requestId },
      refusal(text),
      exchange.asked.method,
    );
    exchange.bytesOut = Buffer.byteLength(answer);
    this.#finish(error);
    if (this.#closeAfter) this.#leave(answer);
    else {
      this.#client.write(answer);
      this.#intake.next();
    }
  }

  #finish(error?: string): void {
    const exchange = this.#exchange;
    this.#exchange = null;
    this.#local?.abort();
    this.#local = null;
    this.#answeredEarly = false;
    exchange?.finish(error);
  }

  /** We say no more. What the client still sends is dropped. */
  #leave(farewell: string): void {
    this.#intake.stop();
    this.#deadline.clear();
    this.#docker.destroy();
    this.#client.leave(farewell, this.#hub.clock());
  }
}
