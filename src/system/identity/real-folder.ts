/** Where a folder of this machine really is. */
import { opendir, realpath } from "node:fs/promises";
import { withFile } from "../files/file-error.ts";

/** @returns its path without links @throws FILE_FAILED, also if it is no folder */
export function realFolder(path: string): Promise<string> {
  return withFile("read", path, async () => {
    const real = await realpath(path);
    await (await opendir(real)).close();
    return real;
  });
}
