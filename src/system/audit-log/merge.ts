/** Merges several sequences of records, each ordered by time, into one. */
import { timeOfRecord } from "../../audit/index.ts";

type Batches = AsyncGenerator<readonly string[]>;

/** The next record of one sequence. */
class Head {
  readonly #batches: Batches;
  #batch: readonly string[] = [];
  #at = 0;
  /** Infinity: no more records. */
  time = Number.NEGATIVE_INFINITY;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  /** Takes the remaining records of the batch that are not later than this. */
  takeUntil(time: number): readonly string[] {
    const from = this.#at;
    while (this.#at < this.#batch.length && timeOfRecord(this.#batch[this.#at] as string) <= time) this.#at++;
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
    this.time = timeOfRecord(this.#batch[this.#at] as string);
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }
}

function earliest(heads: readonly Head[]): Head | undefined {
  let found = heads[0];
  for (const head of heads) if (found && head.time < found.time) found = head;
  return found;
}

/** @returns batches; for records with the same time, those of the earlier sequence come first */
export async function* mergeByTime(sequences: readonly Batches[]): AsyncGenerator<readonly string[]> {
  const heads = sequences.map((sequence) => new Head(sequence));
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
