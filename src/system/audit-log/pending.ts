/** Records that are not in the file yet: normally those of a few milliseconds, more while nothing can be written. */

/** Records to be written together. */
export interface Block {
  /** Whole lines. */
  readonly text: string;
  readonly count: number;
}

/** About 20,000 records. By then the gateway refuses new requests, or is configured to go on without the audit log. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

export class PendingRecords {
  #text: string;
  #count: number;

  /** @param lines with their breaks */
  constructor(lines: readonly string[]) {
    this.#text = lines.join("");
    this.#count = lines.length;
  }

  get count(): number {
    return this.#count;
  }

  /** Checked only while nothing can be written: otherwise the network input bounds what collects here. */
  get isFull(): boolean {
    return this.#text.length >= MAX_CHARACTERS;
  }

  add(line: string): void {
    this.#text += line;
    this.#count += 1;
  }

  /** Takes all records, to write them. */
  take(): Block {
    const block = { text: this.#text, count: this.#count };
    this.#text = "";
    this.#count = 0;
    return block;
  }

  /** Puts back records that could not be written, before those that came since. */
  giveBack({ text, count }: Block): void {
    this.#text = text + this.#text;
    this.#count += count;
  }
}
