/** `--at-once`: how many hosts at a time. */
import { TetherdockError } from "../../base/index.ts";

const MOST = 32;

export function parseAtOnce(text: string): number {
  const count = /^[1-9]\d?$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new TetherdockError("USAGE", `"${text}" is not a number of hosts`, {
    hints: [`give a number from 1 to ${MOST}: --at-once 8`],
  });
}
