/** Reads an audit log while it is written: records that are sealed, in order, and those to come if asked for. */
import { parseHeader, type RecordWish } from "../audit/index.ts";
import { listAuditFiles, openAuditLines } from "./audit-lines.ts";
import { AuditRecords } from "./audit-records.ts";
import { withFile } from "./file-error.ts";
import { FolderChanges } from "./folder-changes.ts";

/** What to read. */
export interface ReadAuditOptions extends RecordWish {
  /** Go on with what is written from now on, until the signal. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

async function beganAt(directory: string, number: number): Promise<number> {
  const lines = await openAuditLines(directory, number);
  try {
    const first = (await lines?.next())?.[0]?.toString("latin1").trimEnd() ?? "";
    return parseHeader(first)?.begun ?? 0;
  } finally {
    await lines?.close();
  }
}

/** The first file that can hold a record since then: the last of those begun before it. 0: there is none at all. */
async function firstFile(directory: string, sinceMs: number | undefined): Promise<number> {
  const numbers = await listAuditFiles(directory);
  if (sinceMs === undefined) return numbers[0] ?? 0;
  for (const [at, number] of numbers.entries())
    if ((await beganAt(directory, number)) > sinceMs) return numbers[Math.max(0, at - 1)] ?? 0;
  return numbers.at(-1) ?? 0;
}

/** Records by files' worth; an empty batch for each time that the end was reached. */
async function* readBatches(
  directory: string,
  options: ReadAuditOptions,
  changes: FolderChanges | undefined,
): AsyncGenerator<string[]> {
  let number = await firstFile(directory, options.sinceMs);
  let records: AuditRecords | undefined;
  try {
    for (;;) {
      // Asked before the read: once the next file is there, this one does not grow.
      const next = (await listAuditFiles(directory)).find((other) => other > number);
      records ??= await AuditRecords.open(directory, number, options);
      if (records) yield* records.read();
      if (next !== undefined) {
        await records?.close();
        records = undefined;
        number = next;
      } else if (changes) await changes.next();
      else return;
      yield [];
    }
  } finally {
    await records?.close();
  }
}

/**
 * Reads a log's records, oldest first.
 * @returns one JSON object each, without a line break; ends with what was there, or by the signal
 * @throws FILE_FAILED
 */
export async function* readAudit(directory: string, options: ReadAuditOptions = {}): AsyncGenerator<string> {
  const { follow = false, signal } = options;
  const watched = async () => new FolderChanges(directory, signal);
  // Before the first look, so that nothing is missed between the two.
  const changes = follow ? await withFile("watch", directory, watched) : undefined;
  try {
    for await (const batch of readBatches(directory, options, changes)) {
      if (signal?.aborted) return;
      yield* batch;
    }
  } finally {
    changes?.close();
  }
}
