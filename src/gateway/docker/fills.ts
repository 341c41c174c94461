/**
 * Volumes that dockerd may be filling: when it creates a container, it copies the image's files into each empty volume, as root on
 * the host, and follows links there. Nobody may change the volume meanwhile (ADR 0043). One whose client has left still counts until
 * dockerd answers: it goes on copying.
 */
import type { VolumeFills } from "../../policy/index.ts";

export class Fills {
  readonly #all = new Set<string>();

  ofRequest(): RequestFills {
    return new RequestFills(this.#all);
  }
}

/** Those that one request has begun. */
export class RequestFills implements VolumeFills {
  readonly #all: Set<string>;
  readonly #own = new Set<string>();
  #isOver = false;

  /** @param all of the engine's, changed here */
  constructor(all: Set<string>) {
    this.#all = all;
  }

  get isEmpty(): boolean {
    return this.#own.size === 0;
  }

  begin(name: string): boolean {
    if (this.#isOver || this.#all.has(name)) return false;
    this.#all.add(name);
    this.#own.add(name);
    return true;
  }

  end(name: string): void {
    if (this.#own.delete(name)) this.#all.delete(name);
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
