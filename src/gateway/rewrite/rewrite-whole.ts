/** Rewrites an answer that is read whole. */
import { dechunk, type ResponseHead } from "../../http/index.ts";
import type { Gatherer } from "../stream/gatherer.ts";
import { replaceFraming } from "./replace-framing.ts";

const NOTHING = Buffer.alloc(0);

export class WholeRewriter {
  readonly #head: ResponseHead;
  readonly #rewrite: (text: string) => string | null;
  readonly #gatherer: Gatherer;

  /** @param rewrite returns null when the text is not JSON */
  constructor(head: ResponseHead, rewrite: (text: string) => string | null, gatherer: Gatherer) {
    this.#head = head;
    this.#rewrite = rewrite;
    this.#gatherer = gatherer;
  }

  get gatheredBytes(): number {
    return this.#gatherer.length;
  }

  drop(): void {
    this.#gatherer.drop();
  }

  take(bytes: Buffer, done: boolean): Buffer | string {
    if (!this.#gatherer.add(bytes)) return "the answer is too large to be looked through";
    if (!done) return NOTHING;
    const all = this.#gatherer.take();
    const body = all.subarray(this.#head.length);
    const text = (this.#head.chunked ? dechunk(body) : body).toString("utf8");
    const after = this.#rewrite(text);
    if (after === null) return "the answer is not JSON and cannot be looked through";
    const data = Buffer.from(`${after}\n`);
    const head = all.subarray(0, this.#head.length);
    return Buffer.concat([replaceFraming(head, `Content-Length: ${data.length}`), data]);
  }
}
