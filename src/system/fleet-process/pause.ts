/** Waits, unless the signal is aborted: then it ends at once, without an error. */
import { setTimeout } from "node:timers/promises";

export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
