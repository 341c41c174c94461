/** A copy of a host's log in a folder: files that grow as those of the host do. */
import { constants } from "node:fs";
import { open, stat, statfs } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import {
  AUDIT_PARTS,
  type AuditProblem,
  auditFileName,
  auditFileNumber,
  type DiskRoom,
  type FileHeader,
  isAuditFileName,
  type LogCopy,
  parseHeader,
} from "../../audit/index.ts";
import { walkAuditFile } from "../audit-log/lines.ts";
import { makeDirectory, syncDirectory } from "../files/atomic-file.ts";
import { errorCodeOf, namesIn, openRegular, withFile } from "../files/file-error.ts";

async function sizesIn(path: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const name of (await namesIn(path)).filter(isAuditFileName))
    sizes.set(name, (await withFile("read", join(path, name), () => stat(join(path, name)))).size);
  return sizes;
}

/** At its place, not at the end: two processes that fetch at once write the same bytes twice, and none of them wrongly. */
async function writeAt(path: string, name: string, at: number, bytes: Uint8Array): Promise<void> {
  await makeDirectory(path);
  const file = join(path, name);
  await withFile("write", file, async () => {
    const handle = await open(file, constants.O_WRONLY | constants.O_CREAT, 0o600);
    try {
      for (let done = 0; done < bytes.length; )
        done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten;
      await handle.datasync();
    } finally {
      await handle.close();
    }
    if (at === 0) await syncDirectory(path);
  });
}

async function checked(path: string, name: string): Promise<AuditProblem[]> {
  for (const part of AUDIT_PARTS) {
    const number = auditFileNumber(name, part);
    const report = number === undefined ? undefined : await walkAuditFile(path, part, number);
    if (report)
      return report.problems.map(({ line, what }) => ({
        file: auditFileName(report.number, part),
        line,
        what,
      }));
  }
  return [];
}

/** Longer lines are no headers. */
const MOST_HEADER = 200;

async function headerOf(path: string): Promise<FileHeader | undefined> {
  const bytes = await withFile("read", path, async () => {
    const handle = await openRegular(path).catch((error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return null;
      throw error;
    });
    if (handle === null) return Buffer.alloc(0);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_HEADER), 0, MOST_HEADER, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  });
  return parseHeader(bytes.toString("latin1").split("\n", 1)[0] ?? "");
}

/** @param path of which the last parts may be missing */
async function roomAt(path: string): Promise<DiskRoom> {
  try {
    const { bavail, blocks, bsize } = await statfs(path);
    return { free: bavail * bsize, size: blocks * bsize };
  } catch (error) {
    if (errorCodeOf(error) !== "ENOENT" || dirname(path) === path) throw error;
    return roomAt(dirname(path));
  }
}

export function logCopy(path: string): LogCopy {
  return {
    path,
    sizes: () => sizesIn(path),
    write: (name, at, bytes) => writeAt(path, name, at, bytes),
    header: (name) => headerOf(join(path, name)),
    room: () => withFile("read", path, () => roomAt(resolve(path))),
    check: (name) => checked(path, name),
  };
}
