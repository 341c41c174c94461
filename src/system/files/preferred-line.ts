/** The default line: one name in `default-line`, beside `lines/`. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isLineName, parseLineName } from "../../line/index.ts";
import { makeDirectory, writeAtomically } from "./atomic-file.ts";
import { readIfThere, withFile } from "./file-error.ts";

const place = (home: string): string => join(home, "default-line");

/** @returns undefined when no default was set. @throws FILE_FAILED */
export async function readPreferred(home: string): Promise<string | undefined> {
  const name = (await readIfThere(place(home)))?.trim();
  return name && isLineName(name) ? name : undefined;
}

/** @param name undefined: removes the default. @throws FILE_FAILED */
export async function writePreferred(home: string, name: string | undefined): Promise<void> {
  const path = place(home);
  if (name === undefined) return withFile("remove", path, () => rm(path, { force: true }));
  await makeDirectory(home);
  await writeAtomically(path, `${parseLineName(name)}\n`, 0o600);
}
