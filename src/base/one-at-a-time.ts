/** Runs asynchronous work one piece after the other, in the order in which it is asked for. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  /** @returns what the work returns; a failure does not stop what waits */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** Runs asynchronous work, so many at a time, in the order in which it is asked for. */
export class Places {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#free = most;
  }

  /** @returns what the work returns */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

/** Ends when the work does, or is late. */
async function untilLate(done: Promise<void>, late: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([done, late(stop.signal)]);
  stop.abort();
}

/**
 * Runs the work for each, so many at a time.
 * @param late ends when a work has taken so long that another one is begun beside it; the signal ends it early
 * @returns the results, in order @throws what the first failed with, once what is under way has ended; nothing more is begun then
 */
export async function eachAtOnce<T, R>(
  atOnce: number,
  all: readonly T[],
  work: (one: T) => Promise<R>,
  late?: (signal: AbortSignal) => Promise<void>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = all.entries();
  const failures: unknown[] = [];
  const begun: Promise<void>[] = [];
  const run = async (at: number, one: T) => {
    try {
      results[at] = await work(one);
    } catch (error) {
      failures.push(error);
    }
  };
  const worker = async () => {
    for (const [at, one] of queue) {
      if (failures.length > 0) return;
      const done = run(at, one);
      begun.push(done);
      await (late ? untilLate(done, late) : done);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker));
  await Promise.all(begun);
  if (failures.length > 0) throw failures[0];
  return results;
}
