/** A chunked body: finds its end without copying the data. Refuses chunk extensions: no client needs them. */
import type { Body } from "./body.ts";
import { ByteBuffer } from "./byte-buffer.ts";
import { CR, HEX, HT, LF, SP } from "./byte-classes.ts";
import { FieldFacts, scanFields } from "./fields.ts";
import { PROBLEMS, type Problem } from "./problem.ts";

/** Sizes below 2^52 bytes: more than any disk holds, and still exact as a number. */
const MAX_SIZE_DIGITS = 13;
const MAX_TRAILER_BYTES = 8192;

type Step = "size" | "size-lf" | "data" | "data-cr" | "data-lf" | "trailer";

function trailerFacts(): FieldFacts {
  const facts = new FieldFacts();
  facts.isTrailer = true;
  return facts;
}

/** @see RFC 9112 §7.1 */
export class ChunkedBody implements Body {
  done = false;
  problem: Problem | null = null;
  #step: Step = "size";
  #digits = 0;
  /** Bytes of this chunk still to come; while its size is being read, the value so far. */
  #left = 0;
  /** What the trailer's complete lines say; `#line` has the beginning of the next one. */
  #facts: FieldFacts | null = null;
  readonly #line = new ByteBuffer();
  /** Bytes of the line examined so far. */
  #seen = 0;
  #trailerBytes = 0;

  /** Bytes of data before the next chunk line. */
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
    const byte = bytes[at] as number;
    if (this.#step === "trailer") return this.#readTrailer(bytes, at);
    if (this.#step === "size") this.#readSize(byte);
    else if (this.#step === "size-lf")
      this.#expect(byte, LF, this.#left > 0 ? "data" : "trailer", PROBLEMS.chunkSize);
    else if (this.#step === "data-cr") this.#expect(byte, CR, "data-lf", PROBLEMS.chunkEnd);
    else {
      this.#expect(byte, LF, "size", PROBLEMS.chunkEnd);
      this.#digits = this.#left = 0;
    }
    return at + 1;
  }

  #expect(byte: number, wanted: number, next: Step, problem: Problem): void {
    if (byte === wanted) this.#step = next;
    else this.problem = problem;
  }

  #readSize(byte: number): void {
    const digit = HEX[byte] as number;
    if (digit < 16 && this.#digits < MAX_SIZE_DIGITS) {
      this.#left = this.#left * 16 + digit;
      this.#digits++;
    } else if (byte === CR && this.#digits > 0) this.#step = "size-lf";
    else this.problem = PROBLEMS.chunkSize;
  }

  /** The trailer is almost always an empty line. Otherwise, only an incomplete line is kept and examined again. */
  #readTrailer(bytes: Buffer, at: number): number {
    const piece = bytes.subarray(at, at + MAX_TRAILER_BYTES - this.#trailerBytes);
    const kept = this.#line.length;
    this.#line.add(piece);
    this.#trailerBytes += piece.length;
    const isFull = this.#trailerBytes === MAX_TRAILER_BYTES;
    if (!isFull && !this.#isWorthALook(piece)) return at + piece.length;
    const all = this.#line.take();
    this.#facts ??= trailerFacts();
    const after = scanFields(all, 0, all.length, this.#facts);
    this.problem = this.#facts.problem;
    this.done = after >= 0;
    if (this.done) return at + after - kept;
    if (isFull) this.problem ??= PROBLEMS.headSize;
    this.#line.add(all.subarray(all.lastIndexOf(LF) + 1));
    this.#seen = this.#line.length;
    return at + piece.length;
  }

  /** Examines a line only after a control character or when it has doubled: for each byte, it would be quadratic. */
  #isWorthALook(piece: Buffer): boolean {
    const { length, bytes } = this.#line;
    return (
      length >= this.#seen * 2 ||
      bytes[this.#seen - 1] === CR ||
      piece.some((byte) => byte < SP && byte !== HT)
    );
  }
}
