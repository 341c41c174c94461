/**
 * The figures of all rounds: medians, and ratios to one of them, taken round by round so that changes in the machine's
 * speed cancel out.
 */
import { summarise } from "../median.ts";
import type { Metric } from "./metrics.ts";

export interface Verdict {
  readonly text: string;
  readonly held: boolean;
}

export class Table {
  readonly #metrics: readonly Metric[];
  readonly #names: readonly string[];
  readonly #against: string;
  readonly #values = new Map<Metric, Map<string, number[]>>();

  /** @param against name of the reference for ratios */
  constructor(metrics: readonly Metric[], names: readonly string[], against: string) {
    this.#metrics = metrics;
    this.#names = names;
    this.#against = against;
  }

  add(metric: Metric, name: string, ...values: readonly number[]): void {
    const rows = this.#values.get(metric) ?? new Map<string, number[]>();
    this.#values.set(metric, rows);
    rows.set(name, [...(rows.get(name) ?? []), ...values]);
  }

  #of(metric: Metric, name: string): number[] {
    return this.#values.get(metric)?.get(name) ?? [];
  }

  #ratio(metric: Metric, name: string) {
    const other = this.#of(metric, this.#against);
    return summarise(this.#of(metric, name).map((value, round) => value / (other[round] ?? Number.NaN)));
  }

  /** As Markdown: a row for each metric; beside each figure its ratio. */
  print(): void {
    console.log(`\n| | ${this.#names.join(" | ")} |`);
    console.log(`| --- |${" --- |".repeat(this.#names.length)}`);
    for (const metric of this.#metrics) {
      const cells = this.#names.map((name) => {
        const { median } = summarise(this.#of(metric, name));
        const ratio = this.#ratio(metric, name).median.toFixed(2);
        return `${median.toFixed(metric.digits)}${name === this.#against ? "" : ` (×${ratio})`}`;
      });
      console.log(`| ${metric.name}, ${metric.unit} | ${cells.join(" | ")} |`);
    }
    console.log();
  }

  goals(name: string): Verdict[] {
    return this.#metrics.flatMap((metric) => {
      if (metric.goal === undefined) return [];
      if ("value" in metric.goal) {
        const { median } = summarise(this.#of(metric, name));
        const { value } = metric.goal;
        const text = `${metric.name}: ${median.toFixed(metric.digits)} ${metric.unit}, at most ${value}`;
        return [{ text, held: median <= value }];
      }
      const { median, spread } = this.#ratio(metric, name);
      const { timesHaproxy } = metric.goal;
      const text = `${metric.name}: ×${median.toFixed(2)} ±${(spread * 50).toFixed(0)} %, at most ×${timesHaproxy.toFixed(2)}`;
      return [{ text, held: median <= timesHaproxy }];
    });
  }
}
