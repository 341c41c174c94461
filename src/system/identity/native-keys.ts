/**
 * Keys of this machine whose certificates a native engine's operator has not sent yet: `joining/LINE.json`. Written whole,
 * and only once: of two processes, the second finds the key of the first.
 */
import { join } from "node:path";
import { DAY_MS } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { createWhole, makeDirectory } from "../files/atomic-file.ts";
import { readIfThere, removeIfThere, removeOldIn } from "../files/file-error.ts";

/** Nobody waits for a certificate for so long. */
const OLD_MS = 90 * DAY_MS;

/** @param home tetherdock's folder, absolute */
export function createNativeKeys(home: string) {
  const folder = join(home, "joining");
  const place = (line: string): string => join(folder, `${parseLineName(line)}.json`);
  const read = (line: string) => readIfThere(place(line));
  return {
    read,
    async claim(line: string, text: string): Promise<string> {
      await makeDirectory(folder);
      await removeOldIn(folder, OLD_MS);
      for (;;) {
        if (await createWhole(place(line), text, 0o600)) return text;
        const found = await read(line);
        if (found !== undefined) return found;
      }
    },
    remove: (line: string) => removeIfThere(place(line)),
  };
}
