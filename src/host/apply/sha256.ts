import { createHash } from "node:crypto";

/** @returns lower-case hex, as sha256sum prints it */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
