/**
 * Keeps in `seen.json`, beside the client list, when each client was last connected, so that a restart does not forget it.
 * Nobody's access depends on the file: if it cannot be read or written, the journal says so and everything else goes on.
 */
import { dirname, join } from "node:path";
import { MINUTE_MS, OneAtATime, TetherdockError } from "../../base/index.ts";
import type { Gateway } from "../../gateway/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { readIfThere } from "../files/file-error.ts";

/** 100,000 clients fit. */
const MAX_BYTES = 32 * 1024 * 1024;

export class SeenFile {
  readonly #gateway: Pick<Gateway, "seen" | "clients">;
  readonly #path: string;
  readonly #onFailure: (error: unknown) => void;
  /** What could not be read may be a newer version's, and is not overwritten. */
  #isOurs = true;
  #hasFailed = false;
  readonly #turns = new OneAtATime();
  #nextAt = 0;

  /** @param clients path of the client list @param onFailure told once in a row of failures */
  constructor(
    gateway: Pick<Gateway, "seen" | "clients">,
    clients: string,
    onFailure: (error: unknown) => void,
  ) {
    this.#gateway = gateway;
    this.#path = join(dirname(clients), "seen.json");
    this.#onFailure = onFailure;
  }

  async load(): Promise<void> {
    try {
      const text = await readIfThere(this.#path, MAX_BYTES);
      const problems = text === undefined ? [] : this.#gateway.seen.restore(text);
      if (problems.length === 0) return;
      throw new TetherdockError("FILE_FAILED", `cannot read ${this.#path}; it is left as it is`, {
        why: problems.slice(0, 3),
      });
    } catch (error) {
      this.#isOurs = false;
      this.#onFailure(error);
    }
  }

  /** Writes what is new, once a minute. Call it a few times a second. @param now milliseconds of a monotonic clock */
  sweep(now: number): void {
    if (now < this.#nextAt || !this.#gateway.seen.changed) return;
    this.#nextAt = now + MINUTE_MS;
    void this.save();
  }

  /** Writes what is new. Never fails. */
  save(): Promise<void> {
    return this.#turns.run(() => this.#write());
  }

  async #write(): Promise<void> {
    const { seen, clients } = this.#gateway;
    if (!this.#isOurs || !seen.changed) return;
    try {
      await writeAtomically(this.#path, seen.text(clients), 0o600);
      this.#hasFailed = false;
    } catch (error) {
      seen.unwritten();
      if (!this.#hasFailed) this.#onFailure(error);
      this.#hasFailed = true;
    }
  }
}
