/** Files that a command makes for somebody else: they replace nothing. */
import { lstat } from "node:fs/promises";
import { TetherdockError } from "../../base/index.ts";
import { createWhole } from "../files/atomic-file.ts";

const isThere = (path: string, hint: string): TetherdockError =>
  new TetherdockError("FILE_FAILED", `cannot write ${path}`, { why: ["it exists already"], hints: [hint] });

/** @param hint what to do if it is there @throws FILE_FAILED */
export async function writeNew(path: string, text: string, mode: number, hint: string): Promise<void> {
  if (!(await createWhole(path, text, mode))) throw isThere(path, hint);
}

/** Before anything is signed that {@link writeNew} would have to write. @throws FILE_FAILED */
export async function requireFree(path: string, hint: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found !== null) throw isThere(path, hint);
}
