/** Lists the files of an audit log and reads their lines unchanged. */
import { type FileHandle, readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type AuditPart,
  auditFileName,
  auditFileNumber,
  type FileReport,
  FileWalk,
} from "../../audit/index.ts";
import { errorCodeOf, openRegular, withFile } from "../files/file-error.ts";

// About 170 records: reading them blocks the event loop for less than a millisecond.
const CHUNK_BYTES = 64 * 1024;
const LINE_BREAK = 0x0a;
/**
 * Far above the size of a record. A longer line is returned in pieces, not collected: a copy of a log may contain
 * anything.
 */
const MAX_LINE_BYTES = 256 * 1024;

/** @returns the numbers of a part's files, ascending. @throws FILE_FAILED */
export async function listAuditFiles(directory: string, part: AuditPart): Promise<number[]> {
  const names = await withFile("read", directory, () => readdir(directory));
  return names
    .map((name) => auditFileNumber(name, part))
    .filter((number) => number !== undefined)
    .sort((a, b) => a - b);
}

/** @returns undefined when the file is gone: the log drops its oldest files. @throws FILE_FAILED */
export function openAuditLines(
  directory: string,
  part: AuditPart,
  number: number,
): Promise<AuditLines | undefined> {
  const path = join(directory, auditFileName(number, part));
  return withFile("read", path, async () => {
    try {
      // A copied log comes from an untrusted host, which could have put a named pipe there.
      return new AuditLines(await openRegular(path));
    } catch (error) {
      if (errorCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  });
}

/** One open file, read from its beginning; it may still grow. */
export class AuditLines {
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  #position = 0;
  #rest = Buffer.alloc(0);

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  /** Bytes read after the last line break. */
  get rest(): number {
    return this.#rest.length;
  }

  /**
   * Reads the next chunk.
   * @returns whole lines with their breaks, and pieces of lines that are too long; undefined at the end
   */
  async next(): Promise<Buffer[] | undefined> {
    const { bytesRead } = await this.#handle.read(this.#buffer, 0, CHUNK_BYTES, this.#position);
    if (bytesRead === 0) return undefined;
    this.#position += bytesRead;
    const bytes = Buffer.concat([this.#rest, this.#buffer.subarray(0, bytesRead)]);
    const lines: Buffer[] = [];
    let from = 0;
    for (let at = bytes.indexOf(LINE_BREAK); at >= 0; at = bytes.indexOf(LINE_BREAK, from)) {
      lines.push(bytes.subarray(from, at + 1));
      from = at + 1;
    }
    this.#rest = bytes.subarray(from);
    if (this.#rest.length > MAX_LINE_BYTES) {
      lines.push(this.#rest);
      this.#rest = Buffer.alloc(0);
    }
    return lines;
  }

  /** Continues at the beginning of a line. */
  seek(position: number): void {
    this.#position = position;
    this.#rest = Buffer.alloc(0);
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

/**
 * Reads and checks one file.
 * @param onSeal called for each valid seal
 * @returns undefined when the file is gone
 * @throws FILE_FAILED
 */
export async function walkAuditFile(
  directory: string,
  part: AuditPart,
  number: number,
  onSeal?: (seal: string) => void,
): Promise<FileReport | undefined> {
  const lines = await openAuditLines(directory, part, number);
  if (!lines) return undefined;
  try {
    const walk = new FileWalk(number, part, onSeal);
    for (let some = await lines.next(); some; some = await lines.next())
      for (const line of some) walk.push(line);
    return walk.report(lines.rest);
  } finally {
    await lines.close();
  }
}
