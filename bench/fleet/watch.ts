/** Hears which hosts have a version. */
import type { InForce } from "./hosts.ts";

/** When the last of the hosts had it, milliseconds since the epoch. */
export interface Everywhere {
  readonly got: number;
  readonly inForce: number;
}

export class Watch {
  readonly #told = new Map<string, InForce>();
  #version = 0;
  #wanted = 0;
  #done = Promise.withResolvers<Everywhere>();

  hear(told: InForce): void {
    if (told.version < this.#version) return;
    this.#told.set(told.host, told);
    if (this.#told.size < this.#wanted) return;
    const all = [...this.#told.values()];
    this.#done.resolve({
      got: Math.max(...all.map(({ got }) => got)),
      inForce: Math.max(...all.map(({ at }) => at)),
    });
  }

  /** @returns when the last of so many hosts had the version */
  all(version: number, wanted: number): Promise<Everywhere> {
    this.#told.clear();
    [this.#version, this.#wanted] = [version, wanted];
    this.#done = Promise.withResolvers();
    return this.#done.promise;
  }
}
