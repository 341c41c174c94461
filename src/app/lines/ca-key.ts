import { TetherdockError } from "../../base/index.ts";
import type { LineFile, LineStore } from "../../line/index.ts";

/** @returns undefined: this machine does not have the file @throws FILE_FAILED */
export async function readLineFileIfThere(
  lines: Pick<LineStore, "readFile">,
  name: string,
  file: LineFile,
): Promise<string | undefined> {
  try {
    return await lines.readFile(name, file);
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "LINE_BROKEN") return undefined;
    throw error;
  }
}

/** A line's CA key, encrypted or not. @returns undefined: this machine does not have it @throws FILE_FAILED */
export const readCaKey = (lines: Pick<LineStore, "readFile">, name: string): Promise<string | undefined> =>
  readLineFileIfThere(lines, name, "ca/ca-key.pem");
