/** Limits concurrent connections, in total and for each host. */

/** Runs work as the limits allow. */
export interface Limiter {
  /**
   * @param key the host that the work connects to
   * @returns what the work returned; undefined when the signal was aborted before it started
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T | undefined>;
}

/** The limits. */
export interface LimiterOptions {
  readonly total: number;
  readonly perKey: number;
  /** When aborted, running work continues and waiting work is dropped. */
  readonly signal: AbortSignal;
}

interface Waiting {
  readonly key: string;
  readonly start: () => void;
}

/** First come, first served, within the limit of each host. */
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
