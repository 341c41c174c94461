/**
 * Volumes that dockerd may be filling: when it creates a container, it copies the image's files into each empty volume, as root on
 * the host, and follows links there. Nobody may change the volume meanwhile (ADR 0043). One whose client has left still counts until
 * dockerd answers: it goes on copying.
 */
import type { VolumeFills } from "../../policy/index.ts";

/** Of each held volume, what resolves when its request ends. */
type Held = Map<string, PromiseWithResolvers<void>>;

export class Fills {
  readonly #all: Held = new Map();

  ofRequest(): RequestFills {
    return new RequestFills(this.#all);
  }
}

/** Those that one request has begun. */
export class RequestFills implements VolumeFills {
  readonly #all: Held;
  readonly #own = new Set<string>();
  #isOver = false;

  /** @param all of the engine's, changed here */
  constructor(all: Held) {
    this.#all = all;
  }

  get isEmpty(): boolean {
    return this.#own.size === 0;
  }

  begin(name: string): boolean {
    if (this.#isOver || this.#all.has(name)) return false;
    this.#all.set(name, Promise.withResolvers());
    this.#own.add(name);
    return true;
  }

  async whenEnded(name: string): Promise<void> {
    if (this.#isOver) throw new Error("the request is over");
    await this.#all.get(name)?.promise;
  }

  end(name: string): void {
    if (!this.#own.delete(name)) return;
    this.#all.get(name)?.resolve();
    this.#all.delete(name);
  }

  isBegun(name: string): boolean {
    return this.#all.has(name);
  }

  /** The request has been refused, or dockerd has answered it. */
  release(): void {
    this.#isOver = true;
    for (const name of this.#own) this.end(name);
  }
}
