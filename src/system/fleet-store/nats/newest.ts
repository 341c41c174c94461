/** Keeps the newest text for a reader who may be slow: those in between are dropped, and one that came last does not come again. */
export class Newest {
  #text: string | null = null;
  #given: string | null = null;
  #wake: () => void = () => {};

  offer(text: string): void {
    this.#text = text;
    this.#wake();
  }

  async *texts(signal: AbortSignal): AsyncGenerator<string> {
    const stop = () => this.#wake();
    signal.addEventListener("abort", stop);
    while (!signal.aborted) {
      const text = this.#text;
      if (text !== null && text !== this.#given) {
        this.#given = text;
        yield text;
      } else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
    signal.removeEventListener("abort", stop);
  }
}
