/** Text that arrives on a stream, read up to a pattern at a time. */
import type { Readable } from "node:stream";

/** What stood before the pattern, and the pattern's groups (0 is the whole match). */
export interface Found {
  readonly before: string;
  readonly groups: readonly string[];
}

// What a host has to say fits many times; a host that never stops talking must not fill our memory.
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** Buffers a stream; one reader at a time. Past its limit it counts as ended. */
export class StreamText {
  #text = "";
  #ended = false;
  #wake: () => void = () => {};

  constructor(stream: Readable) {
    const end = () => {
      this.#ended = true;
      this.#wake();
    };
    stream.setEncoding("utf8");
    stream.on("data", (chunk: string) => {
      this.#text += chunk;
      if (this.#text.length > MAX_CHARACTERS) stream.destroy();
      this.#wake();
    });
    stream.on("close", end);
    stream.on("end", end);
    stream.on("error", end);
  }

  /** What came and was not read yet. */
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
    try {
      for (;;) {
        const match = pattern.exec(this.#text);
        if (match) {
          const before = this.#text.slice(0, match.index);
          this.#text = this.#text.slice(match.index + match[0].length);
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
