/** Writes a new line, from its first file to the rename that makes it visible. */
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { LINE_FILES, type LineFile, type LineFiles } from "../../line/index.ts";
import { createFile, makeDirectory, sweep, syncDirectory, unfinishedIn } from "./atomic-file.ts";
import { errorCodeOf, fileError, readIfThere, withFile } from "./file-error.ts";
import { isThere, unknownLine } from "./line-folder.ts";

/** The folder where a line is written, and the one it is renamed to. */
export interface Move {
  readonly from: string;
  readonly to: string;
}

function taken(name: string): TetherdockError {
  return new TetherdockError("LINE_EXISTS", `there is already a line "${name}"`, {
    hints: ["tetherdock ls", "choose another name with --name"],
  });
}

/** See LineStore.stage. */
export async function stage(
  lines: string,
  name: string,
  { from, to }: Move,
  files: LineFiles,
): Promise<void> {
  if (await isThere(to)) throw taken(name);
  if (await isThere(from)) throw pending(name, from);
  await makeDirectory(lines);
  // What a killed command has left there has keys.
  await sweep(lines);
  // With one rename it is there, and whole: a part of a line, of a command that was killed, would block the next one.
  const unfinished = unfinishedIn(lines);
  try {
    await withFile("make", unfinished, () => mkdir(unfinished, { mode: 0o700 }));
    await fill(unfinished, files);
    await appear(name, unfinished, from);
    await syncDirectory(lines);
  } catch (error) {
    await discard(unfinished);
    throw error;
  }
}

function pending(name: string, from: string, cause?: unknown): TetherdockError {
  return new TetherdockError("LINE_PENDING", `a line "${name}" is already being set up`, {
    why: [`${from} is there`],
    hints: [`${shellJoin(["rm", "-r", from])}   # if no command is setting it up`],
    cause,
  });
}

/** Fails for the second of two commands that set up one name: a rename does not replace a folder that has files. */
async function appear(name: string, unfinished: string, from: string): Promise<void> {
  try {
    await rename(unfinished, from);
  } catch (cause) {
    if (await isThere(from)) throw pending(name, from, cause);
    throw fileError("write", from, cause);
  }
}

async function fill(from: string, files: LineFiles): Promise<void> {
  const folders = new Set([from]);
  for (const file of LINE_FILES) {
    const text = files[file];
    if (text === undefined) continue;
    folders.add(dirname(join(from, file)));
    await makeDirectory(dirname(join(from, file)));
    await createFile(join(from, file), text, 0o600);
  }
  await withFile("write", from, async () => {
    for (const folder of folders) await syncDirectory(folder);
  });
}

/** See LineStore.pending. */
export async function readPending(from: string): Promise<Partial<LineFiles> | undefined> {
  if (!(await isThere(from))) return undefined;
  const found: Partial<Record<LineFile, string>> = {};
  for (const file of LINE_FILES) {
    const text = await readIfThere(join(from, file));
    if (text !== undefined) found[file] = text;
  }
  return found;
}

/** See LineStore.commit. */
export async function commit(lines: string, name: string, { from, to }: Move): Promise<void> {
  if (await isThere(to)) throw taken(name);
  try {
    await rename(from, to);
    await syncDirectory(lines);
  } catch (cause) {
    const code = errorCodeOf(cause);
    if (code === "ENOTEMPTY" || code === "EEXIST") throw taken(name);
    if (code === "ENOENT") throw await unknownLine(lines, name);
    throw fileError("write", to, cause);
  }
}

/** Removes a folder and its contents; a missing folder is not an error. @throws FILE_FAILED */
export function discard(from: string): Promise<void> {
  return withFile("remove", from, () => rm(from, { recursive: true, force: true }));
}
