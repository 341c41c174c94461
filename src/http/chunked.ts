/** The chunked coding: its end found, its data not copied. Chunk extensions are refused: nobody needs them. */
import type { Body } from "./body.ts";
import { FieldFacts, scanFields } from "./fields.ts";
import { CR, HEX, LF } from "./octets.ts";
import { PROBLEMS, type Problem } from "./problem.ts";

/** 2^52: more in one chunk than any disk holds, and still an exact number. */
const MAX_SIZE_DIGITS = 13;
const MAX_TRAILER_BYTES = 8192;

/** RFC 9110 §6.5.1: these would change what was decided when the head was read. */
const FORBIDDEN_TRAILER =
  /^(?:content-(?:length|encoding|type|range)|transfer-encoding|host|trailer|te|connection|keep-alive|upgrade|expect|authorization|proxy-[^:]*|www-authenticate|x-registry-[^:]*|x-forwarded-[^:]*|forwarded|cache-control|pragma|max-forwards|range|if-[^:]*|set-cookie|cookie):/im;

type Step = "size" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer";

/** @see RFC 9112 §7.1 */
export class ChunkedBody implements Body {
  done = false;
  problem: Problem | null = null;
  #step: Step = "size";
  #digits = 0;
  /** Octets of this chunk that are still to come, or its size while that is being read. */
  #left = 0;
  #trailer: Buffer = Buffer.alloc(0);

  /** Octets of data that come next, without a line in between. */
  get dataLeft(): number {
    return this.#step === "data" ? this.#left : 0;
  }

  take(bytes: Buffer, at: number): number {
    let here = at;
    while (here < bytes.length && !this.done && this.problem === null)
      here = this.#step === "data" ? this.#skip(bytes, here) : this.#read(bytes, here);
    return here;
  }

  #skip(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at);
    this.#left -= taken;
    if (this.#left === 0) this.#step = "data-cr";
    return at + taken;
  }

  #read(bytes: Buffer, at: number): number {
    const octet = bytes[at] as number;
    if (this.#step === "trailer") return this.#readTrailer(bytes, at);
    if (this.#step === "size") this.#readSize(octet);
    else if (this.#step === "size-lf")
      this.#expect(octet, LF, this.#left > 0 ? "data" : "trailer", PROBLEMS.chunkSize);
    else if (this.#step === "data-cr") this.#expect(octet, CR, "data-lf", PROBLEMS.chunkEnd);
    else {
      this.#expect(octet, LF, "size", PROBLEMS.chunkEnd);
      this.#digits = this.#left = 0;
    }
    return at + 1;
  }

  #expect(octet: number, wanted: number, next: Step, problem: Problem): void {
    if (octet === wanted) this.#step = next;
    else this.problem = problem;
  }

  #readSize(octet: number): void {
    const digit = HEX[octet] as number;
    if (digit < 16 && this.#digits < MAX_SIZE_DIGITS) {
      this.#left = this.#left * 16 + digit;
      this.#digits++;
    } else if (octet === CR && this.#digits > 0) this.#step = "size-lf";
    else this.problem = PROBLEMS.chunkSize;
  }

  /** Almost always the empty line alone; else gathered and judged anew, which 8 KiB keep cheap octet by octet too. */
  #readTrailer(bytes: Buffer, at: number): number {
    const known = this.#trailer.length;
    const piece = bytes.subarray(at, at + MAX_TRAILER_BYTES - known);
    const all = known === 0 ? piece : Buffer.concat([this.#trailer, piece]);
    const facts = new FieldFacts();
    const after = scanFields(all, 0, all.length, facts);
    if (after >= 0) {
      if (FORBIDDEN_TRAILER.test(all.toString("latin1", 0, after))) this.problem = PROBLEMS.trailer;
      else this.done = true;
      return at + after - known;
    }
    this.problem = facts.problem ?? (all.length === MAX_TRAILER_BYTES ? PROBLEMS.headSize : null);
    this.#trailer = all;
    return at + piece.length;
  }
}
