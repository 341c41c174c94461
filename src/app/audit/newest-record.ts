/** When a log's newest record was made, by the clock of the host: that of this machine may be another. */
import { AUDIT_PARTS, auditFileName, auditFileNumber, isRecord, timeOfRecord } from "../../audit/index.ts";
import { readLogBytes, readLogFiles } from "../gateway-api/index.ts";
import type { AskLog } from "./ask-log.ts";

/** What of a log is needed for it. */
export interface LogPieces {
  /** Names and lengths. */
  files(): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
  /** @returns the sealed bytes from there on; null: there is no such file (any more) */
  bytes(name: string, from: number): Promise<Buffer | null>;
}

/** Many of the longest records, and less than a host gives at once. */
const TAIL_BYTES = 256 * 1024;
/** A file that has just been begun has none yet. */
const MOST_FILES = 3;

export function askedPieces(ask: AskLog): LogPieces {
  return {
    files: async () => (await ask("audit/files", readLogFiles)).files,
    bytes: async (name, from) =>
      Buffer.from((await ask(`audit/files/${name}?from=${from}`, readLogBytes)).bytes, "base64"),
  };
}

/** @returns 0: there is no record */
function lastTime(bytes: Buffer): number {
  const lines = bytes.toString("utf8").split("\n").slice(0, -1);
  const time = timeOfRecord(lines.findLast(isRecord) ?? "");
  return Number.isFinite(time) ? time : 0;
}

/** @returns milliseconds since the Unix epoch; 0: the log has no records */
export async function newestTime(log: LogPieces): Promise<number> {
  const files = await log.files();
  const sizes = new Map(files.map(({ name, bytes }) => [name, bytes]));
  let newest = 0;
  for (const part of AUDIT_PARTS) {
    const numbers = files.flatMap(({ name }) => auditFileNumber(name, part) ?? []);
    for (const number of numbers.toSorted((a, b) => b - a).slice(0, MOST_FILES)) {
      const name = auditFileName(number, part);
      const time = lastTime(
        (await log.bytes(name, Math.max(0, (sizes.get(name) ?? 0) - TAIL_BYTES))) ?? Buffer.alloc(0),
      );
      newest = Math.max(newest, time);
      if (time > 0) break;
    }
  }
  return newest;
}
