/** Rewrites an answer with one JSON value per line, line by line: events, stats. */
import { ChunkedData, type ResponseHead } from "../../http/index.ts";
import type { Gatherer } from "../stream/gatherer.ts";
import { replaceFraming } from "./replace-framing.ts";

const LF = 0x0a;
/** Precedes each value of `application/json-seq`. @see RFC 7464 */
const RECORD_SEPARATOR = "\x1e";
const LAST_CHUNK = "0\r\n\r\n";

export class LineRewriter {
  readonly #head: ResponseHead;
  readonly #rewrite: (text: string) => string | null;
  /** Holds an incomplete line. */
  readonly #gatherer: Gatherer;
  readonly #chunks: ChunkedData | null;
  #hasHead = false;

  /** @param rewrite returns null when the line is not JSON, and an empty text for one that is left out @param gatherer for one line */
  constructor(head: ResponseHead, rewrite: (text: string) => string | null, gatherer: Gatherer) {
    this.#head = head;
    this.#rewrite = rewrite;
    this.#gatherer = gatherer;
    this.#chunks = head.chunked ? new ChunkedData() : null;
  }

  get gatheredBytes(): number {
    return this.#gatherer.length;
  }

  drop(): void {
    this.#gatherer.drop();
  }

  take(bytes: Buffer, done: boolean): Buffer | string {
    const out: Buffer[] = [];
    let body = bytes;
    if (!this.#hasHead) {
      this.#hasHead = true;
      out.push(replaceFraming(bytes.subarray(0, this.#head.length), "Transfer-Encoding: chunked"));
      body = bytes.subarray(this.#head.length);
    }
    const text = this.#lines(this.#chunks?.take(body) ?? [body], done);
    if (text === null) return "the answer is not lines of JSON and cannot be looked through";
    const data = Buffer.from(text);
    if (data.length > 0) out.push(Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from("\r\n"));
    if (done) out.push(Buffer.from(LAST_CHUNK));
    return Buffer.concat(out);
  }

  /** @returns the lines that are complete now, rewritten; null when one cannot be rewritten */
  #lines(pieces: readonly Buffer[], done: boolean): string | null {
    let text = "";
    for (const piece of pieces) {
      let from = 0;
      for (let end = piece.indexOf(LF); end >= 0; end = piece.indexOf(LF, from)) {
        const line = this.#line(piece.subarray(from, end));
        if (line === null) return null;
        text += line;
        from = end + 1;
      }
      const rest = piece.subarray(from);
      if (rest.length > 0 && !this.#gatherer.add(rest)) return null;
    }
    const rest = done ? this.#line(Buffer.alloc(0)) : "";
    return rest === null ? null : text + rest;
  }

  #line(end: Buffer): string | null {
    let bytes = end;
    if (this.#gatherer.length > 0) {
      if (!this.#gatherer.add(end)) return null;
      bytes = this.#gatherer.take();
    }
    const line = bytes.toString("utf8");
    if (line.trim() === "") return "";
    const separated = line.startsWith(RECORD_SEPARATOR);
    const after = this.#rewrite(separated ? line.slice(1) : line);
    if (after === null || after === "") return after;
    return `${separated ? RECORD_SEPARATOR : ""}${after}\n`;
  }
}
