/** What of a log can be copied while it is being written: bytes that neither a crash nor a full disk takes back. */
import { type FileHandle, stat } from "node:fs/promises";
import { join } from "node:path";
import { AUDIT_PARTS, auditFileName, isAuditFileName, parseSeal } from "../../audit/index.ts";
import type { AuditBytes } from "../../gateway/index.ts";
import { listAuditFiles } from "../audit-log/lines.ts";
import { errorCodeOf, openRegular, withFile } from "../files/file-error.ts";

/** Of one piece. Its JSON takes a third more. */
const PIECE_BYTES = 2 * 1024 * 1024;
const LINE_BREAK = 0x0a;

/** @returns null: the file is gone: the log drops its oldest */
async function unlessGone<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (errorCodeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** @returns the oldest of each part first @throws FILE_FAILED */
export async function copyableFiles(directory: string): Promise<{ name: string; bytes: number }[]> {
  const files: { name: string; bytes: number }[] = [];
  for (const part of AUDIT_PARTS)
    for (const number of await listAuditFiles(directory, part)) {
      const name = auditFileName(number, part);
      const found = await withFile("read", join(directory, name), () =>
        unlessGone(() => stat(join(directory, name))),
      );
      if (found !== null) files.push({ name, bytes: found.size });
    }
  return files;
}

/** @returns how many of the bytes belong to whole blocks: up to the end of the last seal */
function sealedLength(bytes: Buffer): number {
  for (let end = bytes.lastIndexOf(LINE_BREAK); end >= 0; ) {
    const before = end === 0 ? -1 : bytes.lastIndexOf(LINE_BREAK, end - 1);
    if (parseSeal(bytes.toString("latin1", before + 1, end)) !== undefined) return end + 1;
    end = before;
  }
  return 0;
}

async function readPiece(handle: FileHandle, from: number): Promise<AuditBytes> {
  const { size } = await handle.stat();
  // Flushed before it is shown: a copy must not have what a power cut takes from the log.
  await handle.datasync();
  const bytes = Buffer.alloc(Math.max(0, Math.min(PIECE_BYTES, size - from)));
  const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
  const read = bytes.subarray(0, bytesRead);
  return { size, bytes: from + bytesRead < size ? read : read.subarray(0, sealedLength(read)) };
}

/** @returns null: there is no such file (any more) @throws FILE_FAILED */
export function copyableBytes(directory: string, name: string, from: number): Promise<AuditBytes | null> {
  if (!isAuditFileName(name)) return Promise.resolve(null);
  const path = join(directory, name);
  return withFile("read", path, () =>
    unlessGone(async () => {
      const handle = await openRegular(path);
      try {
        return await readPiece(handle, from);
      } finally {
        await handle.close();
      }
    }),
  );
}
