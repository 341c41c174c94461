/** Turns a failed file operation into an error that the user can act on. */
import { readFile } from "node:fs/promises";
import { shellJoin, TetherdockError } from "../../base/index.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "operation not permitted",
  EROFS: "the file system is read-only",
  ENOSPC: "no space left on the disk",
  EDQUOT: "the disk quota is used up",
  ENOTDIR: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ENOENT: "it does not exist",
  EMFILE: "too many files are open",
};

/** The `code` of a system error; undefined for anything else. */
export function errorCodeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/**
 * Wraps what fs threw.
 * @param action a verb: "read", "write", "remove"
 * @returns FILE_FAILED; any other error is returned unchanged, because it is our bug
 */
export function fileError(action: string, path: string, cause: unknown): unknown {
  const code = errorCodeOf(cause);
  if (code === undefined || cause instanceof TetherdockError) return cause;
  return new TetherdockError("FILE_FAILED", `cannot ${action} ${path}`, {
    why: [REASONS[code] ?? (cause as Error).message],
    hints: code === "ENOENT" ? [] : [shellJoin(["ls", "-ld", path])],
    cause,
  });
}

/**
 * Runs a file operation, and names the path if it fails.
 * @throws FILE_FAILED
 */
export async function withFile<T>(action: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    throw fileError(action, path, cause);
  }
}

const utf8 = (path: string): Promise<string> => readFile(path, "utf8");

/** The text of a file, which is UTF-8. @throws FILE_FAILED */
export function readText(path: string): Promise<string> {
  return withFile("read", path, () => utf8(path));
}

/** The text of a file; undefined when there is none. @param read how, if not all of it @throws FILE_FAILED */
export function readIfThere(path: string, read = utf8): Promise<string | undefined> {
  return withFile("read", path, () =>
    read(path).catch((error: unknown) => {
      if (errorCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }),
  );
}
