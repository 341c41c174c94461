/** Reads an audit log while it is written: records that are sealed, in order, and those to come if asked for. */
import { type FSWatcher, watch } from "node:fs";
import { createRecordFilter, isRecord, parseHeader, parseSeal, type RecordWish } from "../audit/index.ts";
import { type AuditLines, listAuditFiles, openAuditLines } from "./audit-lines.ts";
import { withFile } from "./file-error.ts";

/** What to read. */
export interface ReadAuditOptions extends RecordWish {
  /** Go on with what is written from now on, until the signal. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/** Wakes whoever waits for a folder to change. */
class Changes {
  readonly #watcher: FSWatcher;
  #changed = false;
  #wake: () => void = () => {};

  constructor(directory: string, signal: AbortSignal | undefined) {
    this.#watcher = watch(directory);
    const wake = (): void => {
      this.#changed = true;
      this.#wake();
    };
    this.#watcher.on("change", wake);
    // A watcher that fails has nothing more to say; the read that follows tells why.
    this.#watcher.on("error", wake);
    signal?.addEventListener("abort", wake, { once: true });
  }

  /** Until something has changed since the last call. */
  async next(): Promise<void> {
    if (!this.#changed)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    this.#changed = false;
  }

  close(): void {
    this.#watcher.close();
  }
}

/** The records of the blocks that are whole, out of one file's lines. */
class SealedRecords {
  #block: string[] = [];
  readonly #wanted: (line: string) => boolean;

  constructor(wish: RecordWish) {
    this.#wanted = createRecordFilter(wish);
  }

  *take(lines: readonly Buffer[]): Generator<string> {
    for (const bytes of lines) {
      const line = bytes.toString("utf8");
      if (parseSeal(line) === undefined) {
        if (isRecord(line) && this.#wanted(line)) this.#block.push(line);
        continue;
      }
      yield* this.#block;
      this.#block = [];
    }
  }
}

/** The first file that can hold a record since then: the last of those begun before it. */
async function firstSince(directory: string, numbers: readonly number[], sinceMs: number): Promise<number> {
  for (const [at, number] of numbers.entries()) {
    const lines = await openAuditLines(directory, number);
    try {
      const first = (await lines?.next())?.[0]?.toString("latin1") ?? "";
      if ((parseHeader(first)?.begun ?? 0) > sinceMs) return Math.max(0, at - 1);
    } finally {
      await lines?.close();
    }
  }
  return Math.max(0, numbers.length - 1);
}

/**
 * Reads a log's records, oldest first.
 * @returns one JSON object each, without a line break; ends with what was there, or by the signal
 * @throws FILE_FAILED
 */
export async function* readAudit(directory: string, options: ReadAuditOptions = {}): AsyncGenerator<string> {
  const { follow = false, signal, sinceMs } = options;
  // Before the first look, so that nothing is missed between the two.
  const changes = follow
    ? await withFile("watch", directory, async () => new Changes(directory, signal))
    : undefined;
  let lines: AuditLines | undefined;
  try {
    const numbers = await listAuditFiles(directory);
    const begin = sinceMs === undefined ? 0 : await firstSince(directory, numbers, sinceMs);
    let number = numbers[begin] ?? 0;
    let records = new SealedRecords(options);
    while (!signal?.aborted) {
      // Asked before the read: once the next file is there, this one does not grow.
      const next = (await listAuditFiles(directory)).find((other) => other > number);
      lines ??= await openAuditLines(directory, number);
      for (let some = await lines?.next(); some; some = await lines?.next()) {
        yield* records.take(some);
        if (signal?.aborted) return;
      }
      if (next !== undefined) {
        await lines?.close();
        lines = undefined;
        records = new SealedRecords(options);
        number = next;
      } else if (changes) await changes.next();
      else return;
    }
  } finally {
    changes?.close();
    await lines?.close();
  }
}
