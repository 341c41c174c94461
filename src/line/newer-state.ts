/** What a newer tetherdock has written is neither guessed at nor replaced. */
import { json, TetherdockError } from "../base/index.ts";

const readVersion = json.openObject<{ readonly version: number }>({ version: { read: json.number } });

/**
 * @param text what is kept; one that cannot be read is nobody's
 * @param known the latest version that this tetherdock reads
 * @param what is kept there, for the message
 * @throws STATE_NEWER
 */
export function requireNotNewer(text: string, known: number, what: string): void {
  const read = json.read(text, readVersion);
  if ("problems" in read || read.value.version <= known) return;
  throw new TetherdockError("STATE_NEWER", `a newer tetherdock wrote ${what}`, {
    why: [`its version is ${read.value.version}; this tetherdock reads ${known}`],
    hints: ["install the newer tetherdock on this machine"],
  });
}
