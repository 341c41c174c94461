/** Keeps what a command says on stderr, so that what several say at the same time is not mixed. */
import { json } from "../../base/index.ts";
import type { Output } from "../context.ts";

export class HeldOutput implements Output {
  readonly #lines: string[] = [];
  readonly closed = new AbortController().signal;

  /** @returns what was said until now, once */
  take(): string[] {
    return this.#lines.splice(0);
  }

  line(text: string): void {
    this.#lines.push(text);
  }

  lines(texts: readonly string[]): void {
    this.#lines.push(...texts);
  }

  page(text: string): void {
    this.#lines.push(...text.replace(/\n$/, "").split("\n"));
  }

  json(value: unknown): void {
    this.page(json.format(value));
  }

  data(text: string): void {
    this.page(text);
  }

  progress(): void {}

  clearProgress(): void {}

  async drained(): Promise<void> {}
}
