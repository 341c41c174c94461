/** The client's bytes as requests: one at a time, the next one kept until the one before is answered. */
import {
  type Body,
  INCOMPLETE,
  NO_BODY,
  PROBLEMS,
  type Problem,
  RequestHead,
  readRequestHead,
  requestBody,
} from "../../http/index.ts";
import { HeadBuffer } from "../stream/head-buffer.ts";

/** What the connection is told. */
export interface RequestReaderEvents {
  /** @param bytes the request's own bytes, as far as they have come: its head and the beginning of its body */
  asked(head: RequestHead, bytes: Buffer): void;
  /** More of the body. */
  body(bytes: Buffer): void;
  /** What came is no request. Inside a body, `head` is null. */
  malformed(problem: Problem, head: RequestHead | null): void;
  /** Whether more bytes are wanted now: not while a next request is kept. Told when it changes. */
  wants(more: boolean): void;
}

/** A method has fewer bytes. */
const METHOD_BYTES = 32;
const SPACE = 0x20;

export class RequestReader {
  readonly #headBytes: number;
  readonly #isBrief: boolean;
  readonly #events: RequestReaderEvents;
  readonly #heads = new HeadBuffer();
  #body: Body = NO_BODY;
  #busy = false;
  #stopped = false;
  #advancing = false;
  #wanting = true;
  /** The caller's memory, as long as it may be looked at. */
  #lent: ArrayBufferLike | null = null;

  /**
   * @param headBytes bytes of one head, at the most
   * @param isBrief whatever is asked will be refused: a head is told as soon as its method is there
   */
  constructor(headBytes: number, events: RequestReaderEvents, isBrief = false) {
    this.#headBytes = headBytes;
    this.#isBrief = isBrief;
    this.#events = events;
  }

  /** Whether bytes of the body are still to come. */
  get bodyDue(): boolean {
    return this.#body !== NO_BODY;
  }

  /** Whether a next request, or a part of one, is kept. */
  get keeps(): boolean {
    return this.#heads.length > 0;
  }

  /** Bytes of it. */
  get keptBytes(): number {
    return this.#heads.length;
  }

  /** Whether the rest of a head is to come. */
  get headDue(): boolean {
    return !this.#busy && this.#heads.length > 0 && !this.#stopped;
  }

  /** @param bytes may be overwritten as soon as this returns */
  take(bytes: Buffer): void {
    if (this.#stopped) return;
    this.#lent = bytes.buffer;
    if (this.bodyDue) this.#takeBody(bytes);
    else if (this.#busy) this.#keep(bytes);
    else if (this.#isBrief) this.#takeBriefly(bytes);
    else this.#advance(this.#heads.add(bytes, this.#headBytes));
    this.#lent = null;
  }

  /**
   * The request that was told is answered.
   * @returns false inside `take` or another `next`, which then goes on to the following request itself
   */
  next(): boolean {
    this.#busy = false;
    if (this.#advancing || this.#stopped) return false;
    if (this.keeps) this.#advance(this.#heads.take());
    else this.#tellWants();
    return true;
  }

  /** No more requests. @returns what was kept, which a raw pipe passes on */
  stop(): Buffer | null {
    this.#stopped = true;
    this.#body = NO_BODY;
    return this.#heads.take();
  }

  /** A loop, because a refusal is answered at once: recursion would be as deep as a client likes. */
  #advance(from: Buffer | null): void {
    let bytes = from;
    this.#advancing = true;
    while (bytes !== null && !this.#busy && !this.#stopped) {
      const head = readRequestHead(bytes, 0);
      const isEnough = this.#isBrief && head.method !== "";
      if (head.length === INCOMPLETE && bytes.length <= this.#headBytes && !isEnough) {
        this.#hold(bytes);
        break;
      }
      this.#busy = true;
      if (head.length === INCOMPLETE && isEnough) this.#events.asked(head, bytes);
      else if (head.length < 0 || head.length > this.#headBytes)
        this.#events.malformed(head.problem ?? PROBLEMS.headSize, head);
      else this.#begin(head, bytes);
      bytes = this.#busy ? null : this.#heads.take();
    }
    this.#advancing = false;
    if (!this.#stopped) this.#tellWants();
  }

  /** Nothing but the method is waited for. */
  #takeBriefly(bytes: Buffer): void {
    if (this.keeps) this.#heads.append(bytes);
    const all = this.keeps ? (this.#heads.take() as Buffer) : bytes;
    const isTooLong = all.length > METHOD_BYTES && !all.subarray(0, METHOD_BYTES).includes(SPACE);
    if (isTooLong) this.#events.malformed(PROBLEMS.method, new RequestHead());
    else this.#advance(all);
  }

  #begin(head: RequestHead, bytes: Buffer): void {
    const body = requestBody(head);
    const end = body.take(bytes, head.length);
    if (body.problem !== null) {
      this.#events.malformed(body.problem, head);
      return;
    }
    this.#body = body.done ? NO_BODY : body;
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    this.#events.asked(head, end === bytes.length ? bytes : bytes.subarray(0, end));
  }

  #takeBody(bytes: Buffer): void {
    const end = this.#body.take(bytes, 0);
    const { problem, done } = this.#body;
    if (problem !== null) {
      this.#events.malformed(problem, null);
      return;
    }
    if (done) this.#body = NO_BODY;
    if (end < bytes.length) this.#keep(bytes.subarray(end));
    this.#events.body(end === bytes.length ? bytes : bytes.subarray(0, end));
  }

  #keep(bytes: Buffer): void {
    if (this.keeps) this.#heads.append(bytes);
    else this.#hold(bytes);
    this.#tellWants();
  }

  /** Copies what is not ours yet: once a piece, however many requests are in it. */
  #hold(bytes: Buffer): void {
    this.#heads.hold(bytes.buffer === this.#lent ? Buffer.from(bytes) : bytes);
  }

  /** While a request runs, one piece of what follows is kept and no more. */
  #tellWants(): void {
    const more = !this.#busy || !this.keeps;
    if (more === this.#wanting) return;
    this.#wanting = more;
    this.#events.wants(more);
  }
}
