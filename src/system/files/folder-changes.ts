/** Waiting for a folder to change. */
import { type FSWatcher, watch } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";

/** A busy gateway writes thousands of blocks a second: reading each by itself would cost more than serving them. */
const GATHER_MS = 50;

/** A watch on a folder, from its making on. */
export class FolderChanges {
  readonly #watcher: FSWatcher;
  #changed = false;
  #wake: () => void = () => {};

  /** @param signal ends the watch, which counts as a change */
  constructor(directory: string, signal: AbortSignal | undefined) {
    this.#watcher = watch(directory, { signal });
    // A watcher that fails has nothing more to say, and is closed; the read that follows tells why.
    this.#watcher.on("error", () => undefined);
    for (const event of ["change", "close"] as const) this.#watcher.on(event, () => this.#tell());
  }

  /** Until something has changed since the last call, and what changes together with it. */
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
