/** Waits for a folder to change. */
import { type FSWatcher, watch } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A busy gateway writes many blocks a second: reading each separately would cost more than serving the requests. */
const GATHER_MS = 50;

/** Watches a folder from construction on. */
export class FolderChanges {
  readonly #watcher: FSWatcher;
  #changed = false;
  #wake: () => void = () => {};

  /** @param signal ends the watch, which counts as a change */
  constructor(directory: string, signal: AbortSignal | undefined) {
    this.#watcher = watch(directory, { signal });
    // A watcher that fails closes itself; the next read reports why.
    this.#watcher.on("error", () => undefined);
    for (const event of ["change", "close"] as const) this.#watcher.on(event, () => this.#tell());
  }

  /** Waits until something has changed since the last call, and a little longer for changes that belong to it. */
  async next(): Promise<void> {
    if (!this.#changed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    await wait(GATHER_MS);
    this.#changed = false;
  }

  close(): void {
    this.#watcher.close();
  }

  #tell(): void {
    this.#changed = true;
    this.#wake();
  }
}
