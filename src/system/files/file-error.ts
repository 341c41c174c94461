/** Turns a failed file operation into an error that the user can act on. */
import { constants, createReadStream } from "node:fs";
import { type FileHandle, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENOENT: "it does not exist",
  ENXIO: "it is not a regular file",
  EEXIST: "it exists already",
  EMFILE: "too many files are open",
};

/** The `code` of a system error; undefined for anything else. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Wraps what fs threw.
 * @param action a verb: "read", "write", "remove"
 * @returns FILE_FAILED; any other error is returned unchanged, because it is our bug
 */
export function fileError(action: string, path: string, cause: unknown): unknown {
  const code = errorCodeOf(cause);
  if (code === undefined || cause instanceof TetherdockError) return cause;
  return new TetherdockError("FILE_FAILED", `cannot ${action} ${path}`, {
    why: [REASONS[code] ?? (cause as Error).message],
    hints: code === "ENOENT" ? [] : [shellJoin(["ls", "-ld", path])],
    cause,
  });
}

/**
 * Runs a file operation, and names the path if it fails.
 * @throws FILE_FAILED
 */
export async function withFile<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError(action, path, cause);
  }
}

/** More than any text has that a user or a setting names: a device may have no end. */
const MOST_TEXT = 64 * 1024 * 1024;

const tooLong = (maxBytes: number): Error =>
  Object.assign(new Error(`it is longer than ${maxBytes / 1024} KiB`), { code: "EFBIG" });

/** The text of a file that the user named, perhaps a pipe (`<(…)`); UTF-8. @throws FILE_FAILED */
export function readText(path: string): Promise<string> {
  return withFile("read", path, async () => {
    const pieces: Buffer[] = [];
    let length = 0;
    for await (const piece of createReadStream(path)) {
      length += piece.length;
      if (length > MOST_TEXT) throw tooLong(MOST_TEXT);
      pieces.push(piece);
    }
    return Buffer.concat(pieces).toString("utf8");
  });
}

/** Windows has no FIFOs that `open` could block on. */
const NON_BLOCKING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** A FIFO without a writer would block `open` for ever, and a device may have no end. @throws with a `code`, for `withFile` */
export async function openRegular(path: string): Promise<FileHandle> {
  const file = await open(path, NON_BLOCKING);
  const found = await file.stat();
  if (found.isFile()) return file;
  await file.close();
  const code = found.isDirectory() ? "EISDIR" : "ENXIO";
  throw Object.assign(new Error("not a regular file"), { code });
}

/** @param maxBytes a longer file is refused */
async function readRegular(path: string, maxBytes: number): Promise<string> {
  const file = await openRegular(path);
  try {
    if (maxBytes === Number.POSITIVE_INFINITY) return await file.readFile("utf8");
    const { bytesRead, buffer } = await file.read(Buffer.alloc(maxBytes + 1), 0, maxBytes + 1, 0);
    if (bytesRead <= maxBytes) return buffer.toString("utf8", 0, bytesRead);
    throw tooLong(maxBytes);
  } finally {
    await file.close();
  }
}

/**
 * The text of a file in a folder whose content nobody vouches for; undefined when there is none.
 * @param maxBytes of the file, if it is a stranger's
 * @throws FILE_FAILED, also for anything but a regular file
 */
export function readIfThere(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  return withFile("read", path, () =>
    readRegular(path, maxBytes).catch((error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }),
  );
}

/** Removes a file, if there is one. @throws FILE_FAILED */
export const removeIfThere = (path: string): Promise<void> =>
  withFile("remove", path, () => rm(path, { force: true }));

/** Names of the files in a folder; none, if there is no folder. @throws FILE_FAILED */
export function namesIn(folder: string): Promise<string[]> {
  return withFile("read", folder, async () => {
    try {
      return (await readdir(folder)).toSorted();
    } catch (error) {
      if (errorCodeOf(error) === "ENOENT") return [];
      throw error;
    }
  });
}

/** Removes the files of a folder that were last written so long ago, ms. @throws FILE_FAILED */
export function removeOldIn(folder: string, ms: number): Promise<void> {
  return withFile("remove", folder, async () => {
    for (const name of await readdir(folder)) {
      const path = join(folder, name);
      const found = await stat(path).catch(() => undefined);
      if (found !== undefined && found.mtimeMs < Date.now() - ms) await rm(path, { force: true });
    }
  });
}

/** @throws FILE_FAILED when there is nothing, or that cannot be determined */
export function isFolder(path: string): Promise<boolean> {
  return withFile("read", path, async () => (await stat(path)).isDirectory());
}
