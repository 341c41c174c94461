/** A request whose body is read whole before anything acts on it: one to be judged, or a call to the admin API. */
import { ChunkedData, type RequestHead } from "../../http/index.ts";
import type { Judged } from "../../policy/index.ts";
import { replaceFraming } from "../rewrite/replace-framing.ts";
import { fieldValues, newHead, replaceTarget } from "../rewrite/request-line.ts";
import type { Gatherer } from "../stream/gatherer.ts";

export class GatheredRequest {
  readonly head: RequestHead;
  readonly #headBytes: Buffer;
  readonly #chunks: ChunkedData | null;
  readonly #gatherer: Gatherer;
  #isTooLarge = false;

  /** @param bytes the head and the beginning of the body; copied */
  constructor(head: RequestHead, bytes: Buffer, gatherer: Gatherer) {
    this.head = head;
    this.#headBytes = Buffer.from(bytes.subarray(0, head.length));
    this.#chunks = head.chunked ? new ChunkedData() : null;
    this.#gatherer = gatherer;
    this.add(bytes.subarray(head.length));
  }

  /** Whether the body exceeds its limit. If so, none of it is kept. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** @param bytes more of the body as it was received, framing included */
  add(bytes: Buffer): void {
    const pieces = this.#chunks === null ? [bytes] : this.#chunks.take(bytes);
    for (const piece of pieces) if (!this.#isTooLarge) this.#isTooLarge = !this.#gatherer.add(piece);
  }

  /** Bytes of the body so far. */
  get length(): number {
    return this.#gatherer.length;
  }

  /** @returns the body without chunk framing; it is no longer kept */
  takeBody(): Buffer {
    return this.#gatherer.take();
  }

  /** @returns the values of a header field, one for each time that it appears */
  fieldValues(name: string): string[] {
    return fieldValues(this.#headBytes, name);
  }

  /** @returns the request as it was judged, in one piece, with a Content-Length and without trailers and `Expect` */
  judged({ body, target, fields }: Judged): Buffer {
    const head =
      fields === undefined
        ? this.#withTarget(target)
        : newHead(this.head.method, target ?? this.head.target, fields);
    return Buffer.concat([replaceFraming(head, `Content-Length: ${body.length}`), body]);
  }

  #withTarget(target: string | undefined): Buffer {
    return target === undefined ? this.#headBytes : replaceTarget(this.#headBytes, target);
  }

  drop(): void {
    this.#gatherer.drop();
  }
}
