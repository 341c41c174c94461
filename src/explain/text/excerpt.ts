/** A bounded view of a text of any length: its beginning and its end, where messages stand. */

/** Bytes kept of the beginning, and as many of the end: more than any terminal holds, and read in a moment. */
export const EXCERPT_BYTES = 256 * 1024;

/** What is left of a text. */
export interface ExcerptText {
  readonly text: string;
  /** Bytes in the middle that were not kept. */
  readonly skipped: number;
}

const BOM_UTF16LE = [0xff, 0xfe] as const;

/** PowerShell's `>` writes UTF-16; everything else is taken for UTF-8, wrong bytes and all. */
function decode(bytes: Uint8Array): string {
  const utf16 = BOM_UTF16LE.every((byte, at) => bytes[at] === byte);
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(bytes);
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    joined.set(chunk, at);
    at += chunk.length;
  }
  return joined;
}

/** Collects chunks in constant memory. */
export class Excerpt {
  readonly #head: Uint8Array[] = [];
  #headBytes = 0;
  #tail: Uint8Array[] = [];
  #tailBytes = 0;
  #total = 0;

  /** Takes a copy of what it keeps. @param chunk as it comes, of any length */
  add(chunk: Uint8Array): void {
    this.#total += chunk.length;
    const forHead = chunk.slice(0, Math.max(0, EXCERPT_BYTES - this.#headBytes));
    if (forHead.length > 0) this.#head.push(forHead);
    this.#headBytes += forHead.length;
    const rest = chunk.slice(Math.max(forHead.length, chunk.length - EXCERPT_BYTES));
    if (rest.length === 0) return;
    this.#tail.push(rest);
    this.#tailBytes += rest.length;
    // Not at every chunk: joining costs what it joins.
    if (this.#tailBytes > 4 * EXCERPT_BYTES) this.#trim();
  }

  /** Counts bytes that were passed over without being read. */
  skip(bytes: number): void {
    this.#total += bytes;
  }

  #trim(): void {
    const kept = join(this.#tail).slice(-EXCERPT_BYTES);
    this.#tail = [kept];
    this.#tailBytes = kept.length;
  }

  /** What was kept, decoded; a line marks the gap, so that nothing is read across it. */
  read(): ExcerptText {
    this.#trim();
    const skipped = this.#total - this.#headBytes - this.#tailBytes;
    const head = join(this.#head);
    const tail = join(this.#tail);
    if (skipped === 0) return { text: decode(join([head, tail])), skipped };
    return { text: `${decode(head)}\n\n${decode(tail)}`, skipped };
  }
}
