/** What every access to `lines/` needs: the names in it, and the error for one that is not there. */
import { readdir, readFile, stat } from "node:fs/promises";
import { nearest, TetherdockError } from "../../base/index.ts";
import { isLineName } from "../../line/index.ts";
import { errorCodeOf, fileError } from "./file-error.ts";

/** Text files are UTF-8. */
export const readText = (path: string): Promise<string> => readFile(path, "utf8");

/** Names of the lines, sorted; none when the folder is not there. @throws FILE_FAILED */
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

/** Whether something is at a path. @throws FILE_FAILED when that cannot be told */
export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return false;
      throw fileError("read", path, error);
    },
  );
