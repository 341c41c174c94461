/**
 * The request of a renewal that is under way, in `lines/NAME/renewal.json`. It is written whole before the gateway is
 * asked, and only once: a second process, or a later one, finds it and repeats the same request.
 */
import { link, rm } from "node:fs/promises";
import { join } from "node:path";
import { parseLineName } from "../../line/index.ts";
import { createFile, discard, syncDirectory, unfinishedIn } from "../files/atomic-file.ts";
import { errorCodeOf, readIfThere, withFile } from "../files/file-error.ts";

/** @param home tetherdock's folder, absolute */
export function createPendingRenewals(home: string) {
  const folder = (name: string): string => join(home, "lines", parseLineName(name));
  const place = (name: string): string => join(folder(name), "renewal.json");
  const read = (name: string) => readIfThere(place(name));

  async function create(name: string, text: string): Promise<boolean> {
    const unfinished = unfinishedIn(folder(name));
    try {
      await createFile(unfinished, text, 0o600, place(name));
      await link(unfinished, place(name));
      await syncDirectory(folder(name));
      return true;
    } catch (error) {
      if (errorCodeOf(error) === "EEXIST") return false;
      throw error;
    } finally {
      await discard(unfinished);
    }
  }

  return {
    read,
    /** @returns what is there: this text, or another that was there first @throws FILE_FAILED */
    async claim(name: string, text: string): Promise<string> {
      for (;;) {
        if (await withFile("write", place(name), () => create(name, text))) return text;
        const found = await read(name);
        if (found !== undefined) return found;
      }
    },
    /** Removes it, if it is still this text. @throws FILE_FAILED */
    async drop(name: string, text: string): Promise<void> {
      if ((await read(name)) !== text) return;
      await withFile("remove", place(name), () => rm(place(name), { force: true }));
    },
  };
}
