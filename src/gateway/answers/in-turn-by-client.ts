/** One client's work, one piece after the other; other clients' work does not wait for it. */
export class InTurnByClient {
  /** Of clients that have work. */
  readonly #last = new Map<string, Promise<void>>();

  /** How many clients have work. */
  get size(): number {
    return this.#last.size;
  }

  /** @returns what the work returns; a failure does not stop what waits */
  run<T>(client: string, work: () => Promise<T>): Promise<T> {
    const earlier = this.#last.get(client);
    const done = earlier === undefined ? work() : earlier.then(work);
    const over: Promise<void> = done
      .then(
        () => {},
        () => {},
      )
      .then(() => {
        if (this.#last.get(client) === over) this.#last.delete(client);
      });
    this.#last.set(client, over);
    return done;
  }
}
