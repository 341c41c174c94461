/** Holds one value for a reader that may be slow: it gets the newest, and none that came before. */
export class Newest<T> {
  #value: T | undefined;
  #wake = Promise.withResolvers<void>();

  put(value: T): void {
    this.#value = value;
    this.#wake.resolve();
  }

  /** Whether there is a value that nobody has taken. */
  get isThere(): boolean {
    return this.#value !== undefined;
  }

  /** Waits for a value. @returns undefined: the signal was aborted */
  async take(signal: AbortSignal): Promise<T | undefined> {
    const aborted = Promise.withResolvers<void>();
    const stop = () => aborted.resolve();
    signal.addEventListener("abort", stop, { once: true });
    if (!signal.aborted) await Promise.race([this.#wake.promise, aborted.promise]);
    signal.removeEventListener("abort", stop);
    const value = this.#value;
    this.#value = undefined;
    this.#wake = Promise.withResolvers();
    return value;
  }
}
