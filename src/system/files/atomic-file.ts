/**
 * Files that are there whole or not at all, whatever stops the machine: written beside their place
 * with their final mode, flushed, then renamed; and the folder flushed, for the rename to last.
 */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFile } from "./file-error.ts";

/** A word for a name that nobody else uses; `O_EXCL` is what holds, so node:crypto need not be loaded. */
export function uniqueWord(): string {
  return Math.random().toString(36).slice(2).padEnd(8, "0");
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
 * Creates a file that must not be there yet, with its mode from birth, and flushes it.
 * @param mode as far as the umask allows: it can only take bits away
 * @param shown the path for the error, where this one is only on the way to it
 * @throws FILE_FAILED
 */
export function createFile(path: string, text: string, mode: number, shown: string = path): Promise<void> {
  return withFile("write", shown, async () => {
    // O_EXCL also refuses a symbolic link planted at this path.
    const handle = await open(path, "wx", mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
}

/** Creates a folder, its parents too, for the owner alone. @throws FILE_FAILED */
export function makeDirectory(path: string, mode = 0o700): Promise<void> {
  return withFile("make", path, async () => {
    await mkdir(path, { recursive: true, mode });
  });
}

/**
 * Writes or replaces a file by one rename.
 * @param mode of the new file, whatever the old one had
 * @param scratch folder for the unfinished file, on the same file system: where others list the
 * file's own folder, they must not meet it
 * @throws FILE_FAILED
 */
export async function writeAtomically(
  path: string,
  text: string,
  mode: number,
  scratch: string = dirname(path),
): Promise<void> {
  const unfinished = join(scratch, `.tetherdock-${uniqueWord()}`);
  try {
    await createFile(unfinished, text, mode, path);
    await withFile("write", path, async () => {
      await rename(unfinished, path);
      await syncDirectory(dirname(path));
    });
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
