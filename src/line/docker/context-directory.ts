/** Separate from docker-context.ts: `tetherdock env` loads that file at every shell's start, and node:crypto takes 5 ms. */
import { createHash } from "node:crypto";

/** @returns the folder name the docker CLI gives a context */
export function contextDirectory(name: string): string {
  return createHash("sha256").update(name).digest("hex");
}
