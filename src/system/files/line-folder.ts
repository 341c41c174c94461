/** Shared by all code that accesses `lines/`: the names in it, and the error for a line that does not exist. */
import { readdir, stat } from "node:fs/promises";
import { nearest, TetherdockError } from "../../base/index.ts";
import { isLineName } from "../../line/index.ts";
import { errorCodeOf, fileError } from "./file-error.ts";

/** Names of the lines, sorted; none if the folder does not exist. @throws FILE_FAILED */
export async function listLines(lines: string): Promise<string[]> {
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

/** LINE_UNKNOWN with the nearest names. */
export async function unknownLine(lines: string, name: string): Promise<TetherdockError> {
  const close = nearest(name, await listLines(lines));
  return new TetherdockError("LINE_UNKNOWN", `there is no line "${name}"`, {
    why: close.map((other) => `did you mean ${other}?`),
    hints: ["tetherdock ls"],
  });
}

/** Whether a path exists. @throws FILE_FAILED when that cannot be determined */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return false;
      throw fileError("read", path, error);
    },
  );
