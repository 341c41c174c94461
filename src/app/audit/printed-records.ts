/** What was printed of a log, so that it can be followed again, by whatever way, with none twice and none lost. */
import { hash } from "node:crypto";
import { timeOfRecord } from "../../audit/index.ts";
import { MINUTE_MS } from "../../base/index.ts";

/** How much later than others of its time a record may come: each part of a log is written, and copied, by itself. */
const LATE_MS = MINUTE_MS;
/** Of the last minute: some 2 MB. */
const MOST_KEPT = 10_000;
/** After so many more, those that are too old are forgotten. */
const LOOKED_AT = 1_000;

export class PrintedRecords {
  #since: number | null;
  #last = 0;
  /** Of the last minute, by the log's clock, in the order in which they came. */
  #recent: { readonly time: number; readonly id: string }[] = [];
  /** Records that come again and were printed, and how often. */
  #again = new Map<string, number>();

  /** @param since the first time that counts; null: that is not known yet */
  constructor(since: number | null) {
    this.#since = since;
  }

  get isBegun(): boolean {
    return this.#since !== null;
  }

  begin(since: number): void {
    this.#since = since;
  }

  /** The log is read anew. @returns from when on */
  resume(): number {
    this.#again = new Map();
    for (const { id } of this.#recent) this.#again.set(id, (this.#again.get(id) ?? 0) + 1);
    return Math.max(0, this.#since ?? 0, this.#last - LATE_MS);
  }

  /** @returns whether it has to be printed */
  take(record: string): boolean {
    const id = hash("sha256", record, "base64url");
    const left = this.#again.get(id) ?? 0;
    if (left > 0) {
      this.#again.set(id, left - 1);
      return false;
    }
    this.#last = timeOfRecord(record);
    this.#recent.push({ time: this.#last, id });
    this.#forget();
    return true;
  }

  #forget(): void {
    if (this.#recent.length % LOOKED_AT === 0)
      this.#recent = this.#recent.filter(({ time }) => time >= this.#last - LATE_MS);
    if (this.#recent.length < 2 * MOST_KEPT) return;
    const dropped = this.#recent.splice(0, this.#recent.length - MOST_KEPT);
    // What is not known any more must not come again; but the clock may have been set back since.
    const until = Math.min(this.#last, Math.max(...dropped.map(({ time }) => time)) + 1);
    this.#since = Math.max(this.#since ?? 0, until);
  }
}
