/**
 * The lines on this machine's disk: `lines/<name>/…`, folders 0700, files 0600 from the start. A name that begins with
 * a dot is never a line: `.pending-<name>` is one being set up, `.removed-…` one being removed.
 */
import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import {
  agentSocket,
  isEarlierLine,
  isEncryptedKey,
  type Line,
  type LineFile,
  type LineStore,
  parseLine,
  parseLineName,
} from "../../line/index.ts";
import { syncDirectory, uniqueWord, writeAtomically } from "./atomic-file.ts";
import { errorCodeOf, fileError, readIfThere, withFile } from "./file-error.ts";
import { isThere, listLines, unknownLine } from "./line-folder.ts";
import { readPreferred, writePreferred } from "./preferred-line.ts";
import { commit, discard, readPending, stage } from "./staged-line.ts";

const REMOVED = ".removed-";
const KEYS: readonly LineFile[] = ["docker/key.pem", "ca/ca-key.pem", "ca/other-ca.pem"];

/** @param home tetherdock's folder, absolute; created by the first write */
export function createLineStore(home: string): LineStore {
  const lines = join(home, "lines");
  // Every path checks the name, so that no input can lead out of `lines/`.
  const place = (name: string): string => join(lines, parseLineName(name));
  const pendingPlace = (name: string): string => join(lines, `.pending-${parseLineName(name)}`);

  return {
    list: () => listLines(lines),
    preferred: () => readPreferred(home),
    prefer: (name) => writePreferred(home, name),
    read: (name) => readLine(lines, name, place(name)),
    readFile: (name, file) => readLineFile(name, join(place(name), file)),
    certPath: (name) => join(place(name), "docker"),
    isKeyEncrypted: async (name) =>
      isEncryptedKey(await readLineFile(name, join(place(name), "docker/key.pem"))),
    agentSocket: (name) => findAgentSocket(agentSocket(home, parseLineName(name)), name),
    agentSocketPath: (name) => agentSocket(home, parseLineName(name)),
    exposedKeys: (name) => exposedKeys(place(name)),
    stage: (name, files) => stage(lines, name, { from: pendingPlace(name), to: place(name) }, files),
    pending: (name) => readPending(pendingPlace(name)),
    pendingCertPath: (name) => join(pendingPlace(name), "docker"),
    updatePending: async (name, file, text) => {
      const from = pendingPlace(name);
      if (!(await isThere(from))) throw await unknownLine(lines, name);
      await writeAtomically(join(from, file), text, 0o600, from);
    },
    commit: (name) => commit(lines, name, { from: pendingPlace(name), to: place(name) }),
    discard: (name) => discard(pendingPlace(name)),
    update: async (name, file, text) => {
      await readLine(lines, name, place(name));
      if (file === "line.json") await keepEarlier(join(place(name), file));
      // The unfinished file goes into the line's own folder, because people mount docker/ into containers.
      await writeAtomically(join(place(name), file), text, 0o600, place(name));
    },
    remove: (name) => remove(home, name, place(name)),
  };
}

async function readLine(lines: string, name: string, place: string): Promise<Line> {
  const file = join(place, "line.json");
  const text = await readIfThere(file);
  if (text === undefined) throw (await isThere(place)) ? missing(name, file) : await unknownLine(lines, name);
  const line = parseLine(text, file);
  if (line.name === name) return line;
  throw new TetherdockError("LINE_BROKEN", `cannot read the line in ${file}`, {
    why: [`it says its name is "${line.name}", but its folder is "${name}"`],
    hints: [`rename the folder to ${line.name}`],
  });
}

/** For an older tetherdock, to which somebody may have to go back. */
async function keepEarlier(path: string): Promise<void> {
  const text = await readIfThere(path);
  if (text !== undefined && isEarlierLine(text)) await writeAtomically(`${path}.v1`, text, 0o600);
}

function missing(name: string, file: string): TetherdockError {
  return new TetherdockError("LINE_BROKEN", `a file of the line is missing: ${file}`, {
    why: ["put it back from a backup; without one the line has to be set up again"],
    hints: [`tetherdock down ${name}   # then tetherdock up`],
  });
}

async function readLineFile(name: string, path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text === undefined) throw missing(name, path);
  return text;
}

/** It is not connected to: `env` runs at every shell start. */
async function findAgentSocket(path: string, name: string): Promise<string> {
  if (await isThere(path)) return path;
  throw new TetherdockError("AGENT_NOT_RUNNING", `no agent serves the line ${name}`, {
    why: [`there is no socket ${path}`],
    hints: ["tetherdock agent start"],
  });
}

async function exposedKeys(place: string): Promise<string[]> {
  if (process.platform === "win32") return [];
  const paths = KEYS.map((file) => join(place, file));
  const modes = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return paths.filter((_, index) => ((modes[index]?.mode ?? 0) & 0o077) !== 0);
}

async function remove(home: string, name: string, place: string): Promise<void> {
  const lines = join(home, "lines");
  const away = join(lines, `${REMOVED}${name}-${uniqueWord()}`);
  try {
    await rename(place, away);
    await syncDirectory(lines);
  } catch (cause) {
    if (errorCodeOf(cause) === "ENOENT") throw await unknownLine(lines, name);
    throw fileError("remove", place, cause);
  }
  // Also deletes what an interrupted removal left behind, because it contains keys.
  const entries = await withFile("read", lines, () => readdir(lines));
  for (const entry of entries.filter((each) => each.startsWith(REMOVED))) await discard(join(lines, entry));
  if ((await readPreferred(home)) === name) await writePreferred(home, undefined);
}
