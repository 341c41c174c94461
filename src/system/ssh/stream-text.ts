/** Reads text from a stream, up to one pattern at a time. */
import type { Readable } from "node:stream";

/** The text before the pattern, and the pattern's groups (0 is the whole match). */
export interface Found {
  readonly before: string;
  readonly groups: readonly string[];
}

// A host with 10,000 clients sends four million; endless output must not fill our memory.
const MAX_CHARACTERS = 16 * 1024 * 1024;
// A match may begin in text that was already searched; none of our patterns matches more characters than this.
const OVERLAP = 512;

/** Buffers a stream; one reader at a time. Beyond the limit it counts as ended. */
export class StreamText {
  #text = "";
  #searched = 0;
  #ended = false;
  /** The stream exceeded the limit and was cut off. */
  isTooLong = false;
  #wake: () => void = () => {};

  constructor(stream: Readable) {
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.#text += chunk;
      if (this.#text.length > MAX_CHARACTERS) {
        this.isTooLong = true;
        stream.destroy();
      }
      this.#wake();
    });
    stream.on("close", end);
    stream.on("end", end);
    stream.on("error", end);
  }

  /** Text that arrived and was not read yet. */
  get text(): string {
    return this.#text;
  }

  /**
   * Waits for the pattern and takes everything up to its end.
   * @returns null when the stream ended or the signal fired first
   */
  async until(pattern: RegExp, signal?: AbortSignal): Promise<Found | null> {
    const wake = () => this.#wake();
    signal?.addEventListener("abort", wake);
    this.#searched = 0;
    try {
      for (;;) {
        const from = Math.max(0, this.#searched - OVERLAP);
        const match = pattern.exec(this.#text.slice(from));
        this.#searched = this.#text.length;
        if (match) {
          const at = from + match.index;
          const before = this.#text.slice(0, at);
          this.#text = this.#text.slice(at + match[0].length);
          this.#searched = 0;
          return { before, groups: [...match].map((group) => group ?? "") };
        }
        if (this.#ended || signal?.aborted) return null;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
  }
}
