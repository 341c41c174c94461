/** The connection to dockerd for one client connection: opened by a request, read one answer at a time. */
import type { Socket } from "node:net";
import type { ResponseHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { Memory } from "../admission/memory.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import type { ConnectUpstream } from "../ports.ts";
import { isRewritable, type Rewriter, rewriterFor } from "../rewrite/rewrite-answer.ts";
import { Gatherer } from "../stream/gatherer.ts";
import { WriteQueue } from "../stream/write-queue.ts";
import { AnswerReader } from "./answer-reader.ts";
import type { DockerTerms } from "./docker-terms.ts";
import { Turn } from "./turn.ts";

/**
 * How dockerd's side ended: `idle` between answers, `unanswered` before one, `cut` in the middle of one, `complete`
 * after one that ends only with the connection. `half`: dockerd writes no more to a raw pipe, but still reads.
 */
export type DockerEnd = "idle" | "unanswered" | "cut" | "complete" | "half";

/** Events for the connection. */
export interface DockerEvents {
  /** More of the answer, in a buffer that is overwritten as soon as this returns. */
  pass(bytes: Buffer): void;
  answered(status: number, close: boolean): void;
  becameRaw(status: number): void;
  /** Called once, or twice if `half` comes first. */
  ended(how: DockerEnd, why: string): void;
  /** dockerd accepts bytes again. */
  drained(): void;
  /** Others need the place of an answer that the client does not read. */
  unread(): void;
}

const CLOSED = "dockerd closed the connection";
const UNREADABLE = "the answer cannot be looked through";

export class DockerSide {
  readonly #connect: ConnectUpstream;
  readonly #events: DockerEvents;
  readonly #memory: Pick<Memory, "gathers" | "wantsTurn">;
  #socket: Socket | null = null;
  #out: WriteQueue | null = null;
  #reader: AnswerReader | null = null;
  #terms: DockerTerms | null = null;
  #rewriter: Rewriter | null = null;
  readonly #turn: Turn;
  #raw = false;
  /** The client is slow. */
  #isPaused = false;
  #answering = false;
  #hasEnded = false;
  /** Ends what counts until dockerd has answered: a start, a whole answer, what a volume is filled with; null: nothing does. */
  #onAnswered: (() => void) | null = null;
  /** Of the current answer. */
  #place: AnswerPlace | null = null;

  constructor(connect: ConnectUpstream, memory: Pick<Memory, "gathers" | "wantsTurn">, events: DockerEvents) {
    this.#connect = connect;
    this.#memory = memory;
    this.#turn = new Turn(memory);
    this.#events = events;
  }

  /** Whether the final answer's first bytes have been passed on. */
  get hasAnswered(): boolean {
    return this.#answering;
  }

  /** Prepares for the answer to the next request. */
  begin(terms: DockerTerms): void {
    this.#terms = terms;
    this.#reader = new AnswerReader(terms);
    this.#answering = false;
    this.#rewriter = null;
    this.#onAnswered = terms.begins?.() ?? null;
    this.#place = terms.place;
    this.#place?.sent(() => this.#events.unread());
  }

  /** Whether the connection is over. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /** Whether bytes still have to be written: their memory is needed until then. */
  get isWriting(): boolean {
    return this.#socket !== null && this.#socket.writableLength > 0;
  }

  /** @returns false when dockerd is slow; `drained` follows */
  write(bytes: Buffer): boolean {
    this.#out ??= this.#open();
    return this.#out.write(bytes);
  }

  /** Ends our side: the client has sent its last byte. */
  end(): void {
    this.#out?.end();
  }

  /** The client is slow; `resume` follows. */
  pause(): void {
    this.#isPaused = true;
    this.#socket?.pause();
    this.#place?.stalls();
  }

  resume(): void {
    this.#isPaused = false;
    this.#goOn();
  }

  /** Ends the connection without an event. It stays open if something counts until dockerd answers: a hang-up does not end its work. */
  destroy(): void {
    this.#hasEnded = true;
    this.#turn.end(0);
    this.#rewriter?.drop();
    this.#place?.over();
    if (this.#onAnswered === null) this.#socket?.destroy();
    else this.#socket?.resume().end().unref();
  }

  /** @returns a replacement, which is opened when it is first needed */
  renewed(): DockerSide {
    this.destroy();
    this.#events.drained(); // nothing waits for this connection any more
    return new DockerSide(this.#connect, this.#memory, this.#events);
  }

  #open(): WriteQueue {
    const socket = this.#connect((chunk) => this.#take(chunk));
    socket.on("end", () => {
      this.#tellAnswered();
      if (this.#raw && !this.#hasEnded) {
        this.#terms?.gone?.();
        this.#events.ended("half", CLOSED);
      } else this.#ended(CLOSED, false);
    });
    socket.on("error", (error) => {
      this.#tellAnswered();
      this.#ended(error.message, true);
    });
    socket.on("close", () => {
      this.#tellAnswered();
      this.#ended(CLOSED, false);
    });
    this.#socket = socket;
    return new WriteQueue(socket, () => {
      if (!this.#hasEnded) this.#events.drained();
    });
  }

  /** If the client has left meanwhile, nothing else keeps the connection open. */
  #tellAnswered(): void {
    if (this.#onAnswered === null) return;
    this.#onAnswered();
    this.#onAnswered = null;
    if (this.#hasEnded) this.#socket?.destroy();
  }

  #take(chunk: Buffer): void {
    if (this.#raw) this.#tellAnswered();
    if (this.#hasEnded) this.#drop(chunk);
    else if (this.#raw) this.#events.pass(chunk);
    else if (this.#reader === null) this.#ended("dockerd sent bytes that answer no request", true);
    else this.#read(this.#reader, chunk);
  }

  /** The client has left: what dockerd sends only shows whether it has answered. An upgrade does not: it comes first. */
  #drop(chunk: Buffer): void {
    const state = this.#raw ? "raw" : this.#reader?.take(chunk);
    if (state === "raw" && (this.#reader?.rest.length ?? 0) === 0) this.#raw = true;
    else if (state !== "more") this.#tellAnswered();
  }

  #read(reader: AnswerReader, chunk: Buffer): void {
    const state = reader.take(chunk);
    const { head } = reader;
    if (state === "done" || state === "bad" || reader.rest.length > 0) this.#tellAnswered();
    if (state === "bad") this.#ended("dockerd's answer is not HTTP/1.1 as the gateway reads it", true);
    else if (head !== null && this.#terms?.answer != null && isRewritable(head))
      this.#rewrite(reader, head, this.#terms.answer, state === "done");
    else {
      if (head !== null) this.#begins();
      if (reader.passed.length > 0) this.#events.pass(reader.passed);
      if (head !== null && state === "raw") {
        this.#raw = true;
        this.#events.becameRaw(head.status);
        if (reader.rest.length > 0) this.#events.pass(reader.rest);
      } else if (head !== null && state === "done") this.#answered(head.status, head.close);
    }
  }

  /** The final answer's first bytes are passed on. */
  #begins(): void {
    if (!this.#answering) this.#place?.answers();
    this.#answering = true;
  }

  #answered(status: number, close: boolean): void {
    this.#reader = null;
    this.#place?.done();
    this.#place = null;
    this.#events.answered(status, close);
  }

  #rewrite(reader: AnswerReader, head: ResponseHead, answer: Answer, done: boolean): void {
    const start = performance.now();
    const maxBytes = this.#terms?.rewriteBytes ?? 0;
    this.#rewriter ??= rewriterFor(head, answer, new Gatherer(maxBytes, this.#memory));
    // An informational answer would shift the head; dockerd sends none to a GET.
    const bytes = reader.interim > 0 ? UNREADABLE : this.#rewriter.take(reader.passed, done);
    if (typeof bytes === "string") {
      this.#ended(bytes, true);
      return;
    }
    if (bytes.length > 0) {
      this.#answering = true;
      this.#events.pass(bytes);
    }
    if (done) {
      this.#turn.end(performance.now() - start);
      this.#answered(head.status, head.close);
    } else if (!answer.lines) this.#awaitTurn(this.#rewriter.gatheredBytes);
  }

  /** Its client does not read if that is why it gets no turn, but not while others have theirs. */
  #awaitTurn(gatheredBytes: number): void {
    const withheld = () => this.#place?.stalls();
    this.#turn.wantFor(gatheredBytes, () => this.#goOn(), withheld);
    if (this.#turn.isWaiting) this.#socket?.pause();
  }

  /** Reads on, unless the client or the turn is waited for. */
  #goOn(): void {
    if (this.#turn.isWaiting || this.#isPaused) return;
    this.#socket?.resume();
    this.#place?.flows();
  }

  /** Only once: a close follows an error, and may follow an end. */
  #ended(why: string, failed: boolean): void {
    if (this.#hasEnded) return;
    const how = this.#howEnded(failed);
    this.destroy();
    this.#events.ended(how, why);
  }

  #howEnded(failed: boolean): DockerEnd {
    if (this.#raw) return failed ? "cut" : "complete";
    if (this.#reader === null) return "idle";
    if (!this.#answering) return "unanswered";
    return this.#reader.endless && !failed ? "complete" : "cut";
  }
}
