/**
 * The lines on this machine's disk: `lines/<name>/…`, folders 0700, files 0600 from birth.
 * A name that begins with a dot is never a line: `.pending-<name>` is one being set up,
 * `.removed-…` one on its way out.
 */
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TetherdockError } from "../base/index.ts";
import {
  isLineName,
  LINE_FILES,
  type Line,
  type LineFile,
  type LineFiles,
  type LineStore,
  nearest,
  parseLine,
  parseLineName,
} from "../line/index.ts";
import { createFile, makeDirectory, syncDirectory, uniqueWord, writeAtomically } from "./atomic-file.ts";
import { errorCodeOf, fileError, readIfThere, withFile } from "./file-error.ts";

const REMOVED = ".removed-";
const KEYS: readonly LineFile[] = ["docker/key.pem", "ca/ca-key.pem"];

const readText = (path: string): Promise<string> => readFile(path, "utf8");

/** @param home tetherdock's folder, absolute; made when first written to */
export function createLineStore(home: string): LineStore {
  const lines = join(home, "lines");
  // Names are checked on every way to the disk: nothing typed may climb out of `lines/`.
  const place = (name: string): string => join(lines, parseLineName(name));
  const pendingPlace = (name: string): string => join(lines, `.pending-${parseLineName(name)}`);

  return {
    list: () => listLines(lines),
    read: (name) => readLine(lines, name, place(name)),
    readFile: (name, file) => readLineFile(join(place(name), file)),
    certPath: (name) => join(place(name), "docker"),
    exposedKeys: (name) => exposedKeys(place(name)),
    stage: (name, files) => stage(lines, name, { from: pendingPlace(name), to: place(name) }, files),
    pending: (name) => readPending(pendingPlace(name)),
    pendingCertPath: (name) => join(pendingPlace(name), "docker"),
    commit: (name) => commit(lines, name, { from: pendingPlace(name), to: place(name) }),
    discard: (name) => discard(pendingPlace(name)),
    update: async (name, file, text) => {
      await readLine(lines, name, place(name));
      // The unfinished file lies in the line's own folder: people mount docker/ into containers.
      await writeAtomically(join(place(name), file), text, 0o600, place(name));
    },
    remove: (name) => remove(lines, name, place(name)),
  };
}

interface Move {
  readonly from: string;
  readonly to: string;
}

async function listLines(lines: string): Promise<string[]> {
  try {
    const entries = await readdir(lines, { withFileTypes: true });
    return entries
      .filter((entry) => !entry.isFile() && isLineName(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") return [];
    throw fileError("read", lines, cause);
  }
}

async function unknown(lines: string, name: string): Promise<TetherdockError> {
  const close = nearest(name, await listLines(lines));
  return new TetherdockError("LINE_UNKNOWN", `there is no line "${name}"`, {
    hints: close.length > 0 ? close.map((other) => `use ${other}`) : ["tetherdock ls"],
  });
}

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return false;
      throw fileError("read", path, error);
    },
  );

async function readLine(lines: string, name: string, place: string): Promise<Line> {
  const file = join(place, "line.json");
  const text = await readIfThere(file, readText);
  if (text === undefined) throw (await isThere(place)) ? missing(file) : await unknown(lines, name);
  const line = parseLine(text, file);
  if (line.name === name) return line;
  throw new TetherdockError("LINE_BROKEN", `cannot read the line in ${file}`, {
    why: [`it says its name is "${line.name}", but its folder is "${name}"`],
    hints: [`rename the folder to ${line.name}`],
  });
}

function missing(file: string): TetherdockError {
  return new TetherdockError("LINE_BROKEN", `a file of the line is missing: ${file}`, {
    hints: [`put it back, or move ${dirname(file)} away and set the line up again`],
  });
}

async function readLineFile(path: string): Promise<string> {
  const text = await readIfThere(path, readText);
  if (text === undefined) throw missing(path);
  return text;
}

async function exposedKeys(place: string): Promise<string[]> {
  if (process.platform === "win32") return [];
  const paths = KEYS.map((file) => join(place, file));
  const modes = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, index) => ((modes[index]?.mode ?? 0) & 0o077) !== 0);
}

function taken(name: string): TetherdockError {
  return new TetherdockError("LINE_EXISTS", `there is already a line "${name}"`, {
    hints: ["tetherdock ls", "give another name with --name"],
  });
}

async function stage(lines: string, name: string, { from, to }: Move, files: LineFiles): Promise<void> {
  if (await isThere(to)) throw taken(name);
  await makeDirectory(lines);
  try {
    // Not recursive: of two `up` for one name, the second is told.
    await mkdir(from, { mode: 0o700 });
  } catch (cause) {
    if (errorCodeOf(cause) !== "EEXIST") throw fileError("make", from, cause);
    throw new TetherdockError("LINE_PENDING", `a line "${name}" is already being set up`, {
      why: [`${from} is there`],
      cause,
    });
  }
  try {
    await fill(from, files);
    await syncDirectory(lines);
  } catch (error) {
    // A full disk, say: the name must be free for the next try.
    await discard(from);
    throw error;
  }
}

async function fill(from: string, files: LineFiles): Promise<void> {
  for (const file of LINE_FILES) {
    await makeDirectory(dirname(join(from, file)));
    await createFile(join(from, file), files[file], 0o600);
  }
  await withFile("write", from, async () => {
    for (const folder of ["docker", "ca", "."]) await syncDirectory(join(from, folder));
  });
}

async function readPending(from: string): Promise<Partial<LineFiles> | undefined> {
  if (!(await isThere(from))) return undefined;
  const found: Partial<Record<LineFile, string>> = {};
  for (const file of LINE_FILES) {
    const text = await readIfThere(join(from, file), readText);
    if (text !== undefined) found[file] = text;
  }
  return found;
}

async function commit(lines: string, name: string, { from, to }: Move): Promise<void> {
  if (await isThere(to)) throw taken(name);
  try {
    await rename(from, to);
    await syncDirectory(lines);
  } catch (cause) {
    const code = errorCodeOf(cause);
    if (code === "ENOTEMPTY" || code === "EEXIST") throw taken(name);
    if (code === "ENOENT") throw await unknown(lines, name);
    throw fileError("write", to, cause);
  }
}

function discard(from: string): Promise<void> {
  return withFile("remove", from, () => rm(from, { recursive: true, force: true }));
}

async function remove(lines: string, name: string, place: string): Promise<void> {
  const away = join(lines, `${REMOVED}${name}-${uniqueWord()}`);
  try {
    await rename(place, away);
    await syncDirectory(lines);
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") throw await unknown(lines, name);
    throw fileError("remove", place, cause);
  }
  // Also what an earlier removal left behind when it was cut off: it holds keys.
  const entries = await withFile("read", lines, () => readdir(lines));
  for (const entry of entries.filter((each) => each.startsWith(REMOVED))) await discard(join(lines, entry));
}
