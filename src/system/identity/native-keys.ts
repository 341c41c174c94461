/**
 * Keys of this machine whose certificates a native engine's operator has not sent yet: `joining/LINE.json`. Written whole,
 * and only once: of two processes, the second finds the key of the first.
 */
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { DAY_MS } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { createWhole, makeDirectory } from "../files/atomic-file.ts";
import { readIfThere, withFile } from "../files/file-error.ts";

/** Nobody waits for a certificate for so long. */
const OLD_MS = 90 * DAY_MS;

async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found !== undefined && found.mtimeMs < Date.now() - OLD_MS) await rm(path, { force: true });
  }
}

/** @param home tetherdock's folder, absolute */
export function createNativeKeys(home: string) {
  const folder = join(home, "joining");
  const place = (line: string): string => join(folder, `${parseLineName(line)}.json`);
  const read = (line: string) => readIfThere(place(line));
  return {
    read,
    async claim(line: string, text: string): Promise<string> {
      await makeDirectory(folder);
      await withFile("remove", folder, () => removeOld(folder));
      for (;;) {
        if (await createWhole(place(line), text, 0o600)) return text;
        const found = await read(line);
        if (found !== undefined) return found;
      }
    },
    remove: (line: string) => withFile("remove", place(line), () => rm(place(line), { force: true })),
  };
}
