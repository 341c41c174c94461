/** Merges several sequences of records, each ordered by time, into one. */

type Batches<T> = AsyncGenerator<readonly T[]>;
type TimeOf<T> = (record: T) => number;

/** The next record of one sequence. */
class Head<T> {
  readonly #batches: Batches<T>;
  readonly #timeOf: TimeOf<T>;
  #batch: readonly T[] = [];
  #at = 0;
  /** Infinity: no more records. */
  time = Number.NEGATIVE_INFINITY;

  constructor(batches: Batches<T>, timeOf: TimeOf<T>) {
    this.#batches = batches;
    this.#timeOf = timeOf;
  }

  /** Takes the remaining records of the batch that are not later than this. */
  takeUntil(time: number): readonly T[] {
    const from = this.#at;
    while (this.#at < this.#batch.length && this.#timeOf(this.#batch[this.#at] as T) <= time) this.#at++;
    return this.#batch.slice(from, this.#at);
  }

  /** Looks at the next record, and reads more at the end of a batch. */
  async look(): Promise<void> {
    while (this.#at >= this.#batch.length) {
      const { value, done } = await this.#batches.next();
      if (done) {
        this.time = Number.POSITIVE_INFINITY;
        return;
      }
      this.#batch = value;
      this.#at = 0;
    }
    this.time = this.#timeOf(this.#batch[this.#at] as T);
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }
}

function earliest<T>(heads: readonly Head<T>[]): Head<T> | undefined {
  let found = heads[0];
  for (const head of heads) if (found && head.time < found.time) found = head;
  return found;
}

/** @returns batches; for records with the same time, those of the earlier sequence come first */
export async function* mergeByTime<T>(
  sequences: readonly Batches<T>[],
  timeOf: TimeOf<T>,
): AsyncGenerator<readonly T[]> {
  const heads = sequences.map((sequence) => new Head(sequence, timeOf));
  try {
    for (const head of heads) await head.look();
    for (;;) {
      const head = earliest(heads);
      if (head === undefined || head.time === Number.POSITIVE_INFINITY) return;
      const others = heads.filter((other) => other !== head).map(({ time }) => time);
      yield head.takeUntil(Math.max(head.time, Math.min(...others)));
      await head.look();
    }
  } finally {
    for (const head of heads) await head.close();
  }
}
