/** Splits the client's bytes into requests, one at a time: keeps the next one until the current one is answered. */
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

/** Events for the connection. */
export interface RequestReaderEvents {
  /** @param bytes what has arrived of this request: its head and the beginning of its body */
  asked(head: RequestHead, bytes: Buffer): void;
  /** More of the body. */
  body(bytes: Buffer): void;
  /** The bytes are not a request. `head` is null inside a body. */
  malformed(problem: Problem, head: RequestHead | null): void;
  /** Called when this changes: whether more bytes are wanted. None are while another request is kept. */
  wants(more: boolean): void;
}

/** Longer than any method. */
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
  /** The caller's memory, while `take` may use it. */
  #lent: ArrayBufferLike | null = null;

  /**
   * @param headBytes the limit for one head
   * @param isBrief whether every request will be refused: `asked` is called as soon as the method is known
   */
  constructor(headBytes: number, events: RequestReaderEvents, isBrief = false) {
    this.#headBytes = headBytes;
    this.#isBrief = isBrief;
    this.#events = events;
  }

  /** Whether part of the body is still missing. */
  get bodyDue(): boolean {
    return this.#body !== NO_BODY;
  }

  /** Whether the next request, or part of it, is kept. */
  get keeps(): boolean {
    return this.#heads.length > 0;
  }

  /** Bytes that are kept. */
  get keptBytes(): number {
    return this.#heads.length;
  }

  /** Whether a head has begun and is incomplete. */
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
   * Goes on after the current request has been answered.
   * @returns false inside `take` or another `next`: that call goes on to the next request
   */
  next(): boolean {
    this.#busy = false;
    if (this.#advancing || this.#stopped) return false;
    if (this.keeps) this.#advance(this.#heads.take());
    else this.#tellWants();
    return true;
  }

  /** Reads no more requests. @returns what was kept; a raw pipe forwards it */
  stop(): Buffer | null {
    this.#stopped = true;
    this.#body = NO_BODY;
    return this.#heads.take();
  }

  /** A loop, because a refused request is answered at once: with recursion the client would choose the depth. */
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

  /** Waits for the method only. */
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

  /** Copies bytes from the caller's memory, once per piece, however many requests it contains. */
  #hold(bytes: Buffer): void {
    this.#heads.hold(bytes.buffer === this.#lent ? Buffer.from(bytes) : bytes);
  }

  /** While a request is in progress, at most one further piece is kept. */
  #tellWants(): void {
    const more = !this.#busy || !this.keeps;
    if (more === this.#wanting) return;
    this.#wanting = more;
    this.#events.wants(more);
  }
}
