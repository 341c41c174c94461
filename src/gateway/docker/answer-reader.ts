/** Reads dockerd's answer: which bytes belong to it, and where it ends. Pure. */
import {
  type Body,
  INCOMPLETE,
  isEndless,
  NO_BODY,
  type ResponseHead,
  readResponseHead,
  responseBody,
} from "../../http/index.ts";
import { HeadBuffer } from "../stream/head-buffer.ts";

/** The state of the answer after a piece. `raw`: no longer HTTP, everything passes. */
export type AnswerState = "more" | "done" | "raw" | "bad";

const SWITCHING_PROTOCOLS = 101;
const NOTHING: Buffer = Buffer.alloc(0);

/** What the request allows of the answer. */
export interface AnswerTerms {
  readonly method: string;
  /** Whether the connection may become a raw pipe. */
  readonly mayHijack: boolean;
  /** Most bytes of one head. */
  readonly headBytes: number;
}

export class AnswerReader {
  /** The final head; null until it is complete. */
  head: ResponseHead | null = null;
  /** What may be passed on now. */
  passed = NOTHING;
  /** What follows the head of an answer that made the connection raw. */
  rest = NOTHING;
  /** Number of informational answers before the final one (RFC 9110 §15.2). */
  interim = 0;
  readonly #terms: AnswerTerms;
  #body: Body = NO_BODY;
  readonly #heads = new HeadBuffer();

  constructor(terms: AnswerTerms) {
    this.#terms = terms;
  }

  /** Whether it ends only with the connection. */
  get endless(): boolean {
    return isEndless(this.#body);
  }

  /** @param chunk may be overwritten afterwards: what is kept is a copy */
  take(chunk: Buffer): AnswerState {
    if (this.head !== null) return this.#takeBody(chunk, 0);
    const bytes = this.#heads.add(chunk, this.#terms.headBytes);
    this.passed = NOTHING;
    if (bytes === null) return "more";
    for (let at = 0; ; ) {
      const head = readResponseHead(bytes, at);
      if (head.length === INCOMPLETE) return this.#hold(bytes, at);
      if (head.length < 0 || head.length > this.#terms.headBytes) return "bad";
      at += head.length;
      if (head.status >= 200 || head.status === SWITCHING_PROTOCOLS) return this.#begin(head, bytes, at);
      this.interim++;
    }
  }

  #hold(bytes: Buffer, at: number): AnswerState {
    this.#heads.hold(Buffer.from(bytes.subarray(at)));
    this.passed = bytes.subarray(0, at);
    return this.#heads.length > this.#terms.headBytes ? "bad" : "more";
  }

  #begin(head: ResponseHead, bytes: Buffer, at: number): AnswerState {
    this.head = head;
    if (head.status === SWITCHING_PROTOCOLS) return this.#becomeRaw(bytes, at);
    this.#body = responseBody(head, this.#terms.method);
    // dockerd answers an attach without Upgrade like this: 200, no framing, then the stream.
    if (this.endless && head.status === 200 && this.#terms.mayHijack) return this.#becomeRaw(bytes, at);
    return this.#takeBody(bytes, at);
  }

  #becomeRaw(bytes: Buffer, at: number): AnswerState {
    this.passed = bytes.subarray(0, at);
    this.rest = bytes.subarray(at);
    return this.#terms.mayHijack ? "raw" : "bad";
  }

  #takeBody(bytes: Buffer, at: number): AnswerState {
    const end = this.#body.take(bytes, at);
    if (this.#body.problem !== null) return "bad";
    this.passed = end === bytes.length ? bytes : bytes.subarray(0, end);
    if (!this.#body.done) return "more";
    // Further bytes would be taken for the answer to the next request.
    return end === bytes.length ? "done" : "bad";
  }
}
