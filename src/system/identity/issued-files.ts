/** Writes files for another person into a folder: all of them or none, even if a step fails or is interrupted. */
import { lstat, mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import { createFile, discard, sweep, syncDirectory, unfinishedIn } from "../files/atomic-file.ts";
import { errorCodeOf, readIfThere, withFile } from "../files/file-error.ts";

/** Certificates are no secret, nor are settings that only name files. */
const PUBLIC: ReadonlySet<string> = new Set(["ca.pem", "cert.pem", "docker.yml"]);
const modeOf = (name: string): number => (PUBLIC.has(name) ? 0o644 : 0o600);

/** Name → content. The last file makes the others usable. */
export type IssuedFiles = Readonly<Record<string, string | Uint8Array>>;

/** Removes what was written, and nothing else. */
export type Withdraw = () => Promise<void>;

function removeAll(paths: readonly string[]): Promise<void> {
  return paths.reduce(
    (before, path) =>
      before.then(() => withFile("remove", path, () => rm(path, { recursive: true, force: true }))),
    Promise.resolve(),
  );
}

/** Makes the folder with all its files by one rename. */
async function makeFolder(folder: string, files: IssuedFiles): Promise<Withdraw> {
  const parent = dirname(folder);
  await withFile("make", parent, () => mkdir(parent, { recursive: true }));
  const unfinished = unfinishedIn(parent);
  try {
    await withFile("make", folder, () => mkdir(unfinished));
    for (const [name, text] of Object.entries(files))
      await createFile(join(unfinished, name), text, modeOf(name), join(folder, name));
    await withFile("write", folder, async () => {
      await syncDirectory(unfinished);
      await rename(unfinished, folder);
      await syncDirectory(parent);
    });
  } catch (error) {
    await discard(unfinished);
    throw error;
  }
  await sweep(parent);
  return () => removeAll([folder]);
}

/**
 * A file with the same text may exist: an interrupted attempt left it, or its owner has it already.
 * @throws FILE_FAILED for a file with another text, which is never replaced
 */
async function missing(
  folder: string,
  files: IssuedFiles,
): Promise<[path: string, content: string | Uint8Array][]> {
  const wanted: [string, string | Uint8Array][] = [];
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const there = await readIfThere(path);
    if (there === undefined) wanted.push([path, text]);
    else if (there !== text)
      throw new TetherdockError("FILE_FAILED", `cannot write ${path}`, {
        why: ["it exists already, with other contents"],
        hints: ["name another place with --out"],
      });
  }
  return wanted;
}

/** Adds to a folder that exists, for example with the client's key: one rename for each file, in order. */
async function addTo(folder: string, files: IssuedFiles): Promise<Withdraw> {
  const made: string[] = [];
  const withdraw = () => removeAll(made.toReversed());
  try {
    for (const [path, text] of await missing(folder, files)) {
      const unfinished = unfinishedIn(folder);
      try {
        await createFile(unfinished, text, modeOf(basename(path)), path);
        await withFile("write", path, () => rename(unfinished, path));
      } finally {
        await discard(unfinished);
      }
      made.push(path);
    }
    await withFile("write", folder, () => syncDirectory(folder));
    await sweep(folder);
  } catch (error) {
    await withdraw().catch(() => undefined);
    throw error;
  }
  return withdraw;
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return false;
      throw error;
    },
  );
}

/** @throws FILE_FAILED; then nothing new is left in the folder */
export async function writeIssued(folder: string, files: IssuedFiles): Promise<Withdraw> {
  const path = resolve(folder);
  return (await withFile("read", path, () => isThere(path))) ? addTo(path, files) : makeFolder(path, files);
}
