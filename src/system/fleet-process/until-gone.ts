/** Waits until the gateway has another socket for its fleet process, or is gone. */
import { existsSync } from "node:fs";
import { SECOND_MS } from "../../base/index.ts";
import { pause } from "./pause.ts";

/** @param path of the socket that the process was told @param signal ends the waiting */
export async function untilGone(path: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && existsSync(path)) await pause(SECOND_MS, signal);
}
