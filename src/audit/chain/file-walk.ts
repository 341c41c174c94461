/** Reads one file of the chain line by line, and checks each block against its seal. */
import { createHash, type Hash } from "node:crypto";
import type { AuditPart } from "../part.ts";
import { type FileHeader, formatSeal, GENESIS, parseHeader, parseSeal } from "./chain.ts";

/** A place where the file differs from what was written. */
export interface FileProblem {
  /** Counted from 1. */
  readonly line: number;
  readonly what: string;
}

/** The content of a file. */
export interface FileReport {
  readonly number: number;
  readonly part: AuditPart;
  /** Undefined: the first line is not a header. */
  readonly header: FileHeader | undefined;
  /** Number of sealed records. */
  readonly records: number;
  /** The last seal in the file; without one, the seal that the file says it follows. */
  readonly seal: string;
  /** Up to the end of the last seal's line. */
  readonly sealedBytes: number;
  /** What follows the last seal. */
  readonly tail: { readonly lines: number; readonly bytes: number };
  /** At most 20. */
  readonly problems: readonly FileProblem[];
}

/** Longer lines are neither seals nor headers, and are not decoded. */
const MAX_OWN_LINE = 200;

// One change breaks one seal. Reporting more than this many does not help anybody.
const MAX_PROBLEMS = 20;

/** Feed it all lines, then ask for the report. */
export class FileWalk {
  readonly #number: number;
  readonly #part: AuditPart;
  readonly #onSeal: (seal: string) => void;
  #header: FileHeader | undefined;
  #seal = GENESIS;
  #hash: Hash | undefined;
  #line = 0;
  #blockBegan = 1;
  #records = 0;
  #bytes = 0;
  #sealedBytes = 0;
  readonly #problems: FileProblem[] = [];

  /**
   * @param number from the file's name
   * @param part from the file's name
   * @param onSeal called for each valid seal
   */
  constructor(number: number, part: AuditPart, onSeal: (seal: string) => void = () => {}) {
    this.#number = number;
    this.#part = part;
    this.#onSeal = onSeal;
  }

  /** @param line with its break */
  push(line: Buffer): void {
    this.#line += 1;
    this.#bytes += line.length;
    const text = line.length <= MAX_OWN_LINE ? line.toString("latin1", 0, line.length - 1) : "";
    if (this.#line === 1) this.#readHeader(text);
    const written = parseSeal(text);
    if (written !== undefined) {
      this.#judge(written, text);
      return;
    }
    this.#hash ??= createHash("sha256").update(this.#seal);
    this.#hash.update(line);
  }

  /** @param rest bytes after the last line break */
  report(rest: number): FileReport {
    const tail = { lines: this.#line + 1 - this.#blockBegan, bytes: this.#bytes - this.#sealedBytes + rest };
    return {
      number: this.#number,
      part: this.#part,
      header: this.#header,
      records: this.#records,
      seal: this.#seal,
      sealedBytes: this.#sealedBytes,
      tail,
      problems: this.#problems,
    };
  }

  #readHeader(text: string): void {
    this.#header = parseHeader(text);
    if (this.#header) this.#seal = this.#header.follows;
    else this.#tell(1, "there is no header");
    if (this.#header && this.#header.file !== this.#number)
      this.#tell(1, `it was written as file ${this.#header.file}`);
  }

  #judge(written: string, text: string): void {
    const count = this.#line - this.#blockBegan;
    const hash = this.#hash ?? createHash("sha256").update(this.#seal);
    // Checks the count too: no byte of a seal's line may change.
    if (`${text}\n` === formatSeal(hash.digest("hex"), count)) this.#onSeal(written);
    else this.#tell(this.#line, this.#mismatch(count));
    this.#records += this.#blockBegan === 1 && this.#header ? count - 1 : count;
    // Continues with the seal in the file, so that one change is reported once.
    this.#seal = written;
    this.#hash = undefined;
    this.#sealedBytes = this.#bytes;
    this.#blockBegan = this.#line + 1;
  }

  #mismatch(count: number): string {
    if (count === 0) return "a seal that seals nothing";
    const lines = count === 1 ? `line ${this.#line - 1}` : `lines ${this.#blockBegan}–${this.#line - 1}`;
    return `${lines} and what came before do not match this seal: changed, removed or moved`;
  }

  #tell(line: number, what: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ line, what });
  }
}
