/** Reads the records of all parts of an audit log in order of time, while it is being written. */
import { AUDIT_PARTS, mergeByTime, type RecordSelection, timeOfRecord } from "../../audit/index.ts";
import { withFile } from "../files/file-error.ts";
import { FolderChanges } from "../files/folder-changes.ts";
import { PartReader } from "./part-reader.ts";

/** What to read. */
export interface ReadAuditOptions extends RecordSelection {
  /** Continue with records as they are written, until the signal is aborted. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Reads a log's records, oldest first.
 * @returns one JSON object for each record, without a line break; ends after the existing records, or with `follow` at
 *   the signal
 * @throws FILE_FAILED
 */
export async function* readAudit(directory: string, options: ReadAuditOptions = {}): AsyncGenerator<string> {
  const { follow = false, signal } = options;
  const watched = async () => new FolderChanges(directory, signal);
  // Starts watching before the first read, so that nothing is missed in between.
  const changes = follow ? await withFile("watch", directory, watched) : undefined;
  const parts = AUDIT_PARTS.map((part) => new PartReader(directory, part, options));
  try {
    for (;;) {
      for await (const batch of mergeByTime(
        parts.map((part) => part.read()),
        timeOfRecord,
      )) {
        if (signal?.aborted) return;
        yield* batch;
      }
      if (!changes || signal?.aborted) return;
      await changes.next();
    }
  } finally {
    changes?.close();
    for (const part of parts) await part.close();
  }
}
