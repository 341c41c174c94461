/**
 * Files that exist whole or not at all, even if the machine stops: written to a temporary file with the final mode,
 * flushed and renamed; then the folder is flushed, so that the rename lasts.
 */
import { link, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HOUR_MS } from "../../base/index.ts";
import { errorCodeOf, withFile } from "./file-error.ts";

/** A word for a unique name. `O_EXCL` guarantees that it is, so node:crypto is not needed. */
export function uniqueWord(): string {
  return Math.random().toString(36).slice(2).padEnd(8, "0");
}

const UNFINISHED = ".tetherdock-unfinished-";

/** A path in this folder for an unfinished file. {@link sweep} recognises its name. */
export function unfinishedIn(folder: string): string {
  return join(folder, `${UNFINISHED}${uniqueWord()}`);
}

/** Removes an unfinished file or folder. If that fails, {@link sweep} does it later: the first error matters more. */
export async function discard(unfinished: string): Promise<void> {
  await rm(unfinished, { recursive: true, force: true }).catch(() => undefined);
}

/** No write takes this long. */
const LEFT_BEHIND_MS = HOUR_MS;

/**
 * Removes what killed writers left in this folder: files with our name that belong to this user and are old. A file
 * that cannot be removed stays: it does no harm.
 */
export async function sweep(folder: string, now = Date.now()): Promise<void> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.startsWith(UNFINISHED));
  for (const path of names.map((name) => join(folder, name))) {
    const found = await lstat(path).catch(() => undefined);
    const isOurs = found !== undefined && (process.getuid === undefined || found.uid === process.getuid());
    if (isOurs && found.mtimeMs < now - LEFT_BEHIND_MS) await discard(path);
  }
}

/** Flushes a folder's entries. Windows cannot open folders; its renames are journalled by NTFS. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Creates a file that must not exist yet, with its mode from the start, and flushes it.
 * @param mode before the umask, which can only remove bits
 * @param shown the path for the error, if this one is temporary
 * @throws FILE_FAILED
 */
export function createFile(
  path: string,
  content: string | Uint8Array,
  mode: number,
  shown: string = path,
): Promise<void> {
  return withFile("write", shown, async () => {
    // O_EXCL also refuses a symbolic link planted at this path.
    const handle = await open(path, "wx", mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Creates a folder and its parents, by default for the owner only. @throws FILE_FAILED */
export function makeDirectory(path: string, mode = 0o700): Promise<void> {
  return withFile("make", path, async () => {
    await mkdir(path, { recursive: true, mode });
  });
}

/**
 * Writes or replaces a file by one rename.
 * @param mode of the new file, whatever the old one had
 * @param scratch folder for the unfinished file, on the same file system, if readers of the file's own folder must not
 *   see it
 * @throws FILE_FAILED
 */
export async function writeAtomically(
  path: string,
  text: string,
  mode: number,
  scratch: string = dirname(path),
): Promise<void> {
  const unfinished = unfinishedIn(scratch);
  try {
    await createFile(unfinished, text, mode, path);
    await withFile("write", path, async () => {
      await rename(unfinished, path);
      await syncDirectory(dirname(path));
    });
  } catch (error) {
    await discard(unfinished);
    throw error;
  }
  await sweep(scratch);
}

/**
 * Creates a file whole, and never replaces one: of several writers, one succeeds. Unlike rename, link fails if it is there.
 * @returns false: it was there @throws FILE_FAILED
 */
export async function createWhole(path: string, text: string, mode: number): Promise<boolean> {
  const folder = dirname(path);
  const unfinished = unfinishedIn(folder);
  try {
    await createFile(unfinished, text, mode, path);
    return await withFile("write", path, async () => {
      try {
        await link(unfinished, path);
      } catch (error) {
        if (errorCodeOf(error) === "EEXIST") return false;
        throw error;
      }
      await syncDirectory(folder);
      return true;
    });
  } finally {
    await discard(unfinished);
  }
}
