/** How many connections at a time, all together and to one host. */

/** Runs work when there is room for it. */
export interface Limiter {
  /**
   * @param key the host the work is about
   * @returns what the work returned; undefined when the signal was aborted before its turn came
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T | undefined>;
}

/** Room for work. */
export interface LimiterOptions {
  readonly total: number;
  readonly perKey: number;
  /** Aborted: what runs is let to its end, what waits is dropped. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly key: string;
  readonly start: () => void;
}

/** First come, first served, as far as each host has room. */
export function createLimiter({ total, perKey, signal }: LimiterOptions): Limiter {
  const running = new Map<string, number>();
  const waiting: Waiting[] = [];
  let busy = 0;

  const startNext = (): void => {
    while (busy < total || signal.aborted) {
      const at = waiting.findIndex(({ key }) => signal.aborted || (running.get(key) ?? 0) < perKey);
      const next = waiting[at];
      if (!next) return;
      waiting.splice(at, 1);
      busy++;
      running.set(next.key, (running.get(next.key) ?? 0) + 1);
      next.start();
    }
  };
  const leave = (key: string): void => {
    busy--;
    running.set(key, (running.get(key) ?? 1) - 1);
    startNext();
  };
  signal.addEventListener("abort", startNext);

  return {
    async run(key, work) {
      await new Promise<void>((start) => {
        waiting.push({ key, start });
        startNext();
      });
      try {
        return signal.aborted ? undefined : await work();
      } finally {
        leave(key);
      }
    },
  };
}
