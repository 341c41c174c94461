/** Records that are not in the file yet: one turn's as a rule, more while nothing can be written. */

/** Records to be written together. */
export interface Block {
  /** Whole lines. */
  readonly text: string;
  readonly count: number;
}

/** 20,000 records: whoever asks for something new is refused by then, or the gateway was told to go on without. */
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

  /** Asked only while nothing can be written: what one turn brings is bounded by what came in. */
  get isFull(): boolean {
    return this.#text.length >= MAX_CHARACTERS;
  }

  add(line: string): void {
    this.#text += line;
    this.#count += 1;
  }

  /** All of it, to be written. */
  take(): Block {
    const block = { text: this.#text, count: this.#count };
    this.#text = "";
    this.#count = 0;
    return block;
  }

  /** What was taken and could not be written, before what came since. */
  giveBack({ text, count }: Block): void {
    this.#text = text + this.#text;
    this.#count += count;
  }
}
