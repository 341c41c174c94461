import { TetherdockError } from "../../base/index.ts";
import type { LineStore } from "../../line/index.ts";

/** A line's CA key, encrypted or not. @returns undefined: this machine does not have it @throws FILE_FAILED */
export async function readCaKey(
  lines: Pick<LineStore, "readFile">,
  name: string,
): Promise<string | undefined> {
  try {
    return await lines.readFile(name, "ca/ca-key.pem");
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "LINE_BROKEN") return undefined;
    throw error;
  }
}
