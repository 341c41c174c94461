/** Reads an audit log while it is written: the records of all its parts in the order of their times. */
import { AUDIT_PARTS, type RecordSelection } from "../../audit/index.ts";
import { withFile } from "../files/file-error.ts";
import { FolderChanges } from "../files/folder-changes.ts";
import { mergeByTime } from "./merge.ts";
import { PartReader } from "./part-reader.ts";

/** What to read. */
export interface ReadAuditOptions extends RecordSelection {
  /** Go on with what is written from now on, until the signal. */
  readonly follow?: boolean;
  readonly signal?: AbortSignal;
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
  const parts = AUDIT_PARTS.map((part) => new PartReader(directory, part, options));
  try {
    for (;;) {
      for await (const batch of mergeByTime(parts.map((part) => part.read()))) {
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
