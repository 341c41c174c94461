/** A terminal whose size changes while the docker CLI runs on it. */
import { setTimeout as delay } from "node:timers/promises";
import { mustRun } from "./run.ts";
import type { Running } from "./running.ts";

const ROWS = "40";
const BETWEEN_CHANGES_MS = 200;

/**
 * Drags the terminal's corner until `seen` is printed; the last size is always 40 rows, 132 columns. One change would
 * not do: the docker CLI (cli/command/container/tty.go) asks for SIGWINCH only after its first resize was answered, and
 * loses what comes before that.
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
