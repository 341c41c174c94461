/** An answer gathered whole and written anew. */
import { dechunk, type ResponseHead } from "../../http/index.ts";
import { rewriteHead } from "./rewrite-head.ts";

const NOTHING = Buffer.alloc(0);

export class WholeRewriter {
  readonly #head: ResponseHead;
  readonly #rewrite: (text: string) => string | null;
  readonly #maxBytes: number;
  #gathered: Buffer[] = [];
  #length = 0;

  /** @param rewrite null: it is not JSON */
  constructor(head: ResponseHead, rewrite: (text: string) => string | null, maxBytes: number) {
    this.#head = head;
    this.#rewrite = rewrite;
    this.#maxBytes = maxBytes;
  }

  take(bytes: Buffer, done: boolean): Buffer | string {
    this.#length += bytes.length;
    if (this.#length > this.#maxBytes) return "the answer is too large to be looked through";
    this.#gathered.push(Buffer.from(bytes));
    if (!done) return NOTHING;
    const all = Buffer.concat(this.#gathered);
    this.#gathered = [];
    const body = all.subarray(this.#head.length);
    const text = (this.#head.chunked ? dechunk(body) : body).toString("utf8");
    const after = this.#rewrite(text);
    if (after === null) return "the answer is not JSON and cannot be looked through";
    const data = Buffer.from(`${after}\n`);
    return Buffer.concat([rewriteHead(all, this.#head, `Content-Length: ${data.length}`), data]);
  }
}
