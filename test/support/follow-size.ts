/** A terminal whose size changes while the docker CLI runs on it. */
import { setTimeout as delay } from "node:timers/promises";
import { mustRun } from "./run.ts";
import type { Running } from "./running.ts";

const ROWS = "40";
const BETWEEN_CHANGES_MS = 200;

/**
 * Resizes the terminal until `seen` is printed; the last size is always 40 rows, 132 columns. One change would not be
 * enough: the docker CLI (cli/command/container/tty.go) listens for SIGWINCH only after its first resize was answered,
 * and misses earlier ones.
 */
export async function dragUntil(terminal: Running, device: string, seen: RegExp, from = 0): Promise<void> {
  let isSeen = false;
  const waiting = terminal.until(seen, { from }).finally(() => {
    isSeen = true;
  });
  while (!isSeen) {
    for (const cols of ["131", "132"]) await mustRun(["stty", "-F", device, "rows", ROWS, "cols", cols]);
    await Promise.race([waiting, delay(BETWEEN_CHANGES_MS)]);
  }
  await waiting;
}
