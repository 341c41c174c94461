/**
 * The request of a renewal that is under way, in `lines/NAME/renewal.json`. It is written whole before the gateway is
 * asked, and only once: a second process, or a later one, finds it and repeats the same request.
 */
import { join } from "node:path";
import { parseLineName } from "../../line/index.ts";
import { createWhole } from "../files/atomic-file.ts";
import { readIfThere, removeIfThere } from "../files/file-error.ts";

/** @param home tetherdock's folder, absolute */
export function createPendingRenewals(home: string) {
  const place = (name: string): string => join(home, "lines", parseLineName(name), "renewal.json");
  const read = (name: string) => readIfThere(place(name));

  return {
    read,
    /** @returns what is there: this text, or another that was there first @throws FILE_FAILED */
    async claim(name: string, text: string): Promise<string> {
      for (;;) {
        if (await createWhole(place(name), text, 0o600)) return text;
        const found = await read(name);
        if (found !== undefined) return found;
      }
    },
    /** Removes it, if it is still this text. @throws FILE_FAILED */
    async drop(name: string, text: string): Promise<void> {
      if ((await read(name)) !== text) return;
      await removeIfThere(place(name));
    },
  };
}
