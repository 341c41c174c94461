/** Several sequences of records, each in the order of time, made one. */
import { timeOfRecord } from "../../audit/index.ts";

type Batches = AsyncGenerator<readonly string[]>;

/** The next record of one sequence. */
class Head {
  readonly #batches: Batches;
  #batch: readonly string[] = [];
  #at = 0;
  /** Infinity: there are no more. */
  time = Number.NEGATIVE_INFINITY;

  constructor(batches: Batches) {
    this.#batches = batches;
  }

  /** What is left of the batch that is not later than that. */
  takeUntil(time: number): readonly string[] {
    const from = this.#at;
    while (this.#at < this.#batch.length && timeOfRecord(this.#batch[this.#at] as string) <= time) this.#at++;
    return this.#batch.slice(from, this.#at);
  }

  /** Looks at the next record, reading on where the batch is at its end. */
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

/** @returns batches; of records with the same time those of an earlier sequence come first */
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
