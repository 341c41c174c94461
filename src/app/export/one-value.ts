/**
 * All that a Docker client needs in one value without a line break, for a store of secrets that has no files and masks values
 * by line: a tar archive, gzip, base64. `base64 -d | tar -xz` unpacks it; the files belong to whoever unpacks it, mode 0600.
 */
import { gzipSync } from "node:zlib";
import { tar } from "../../base/index.ts";

/** @param files by name */
export function oneValue(files: Readonly<Record<string, string>>): string {
  const entries = Object.entries(files).map(([path, text]) => ({
    ...{ path, type: "file" as const, mode: 0o600, time: 0, target: "", data: Buffer.from(text) },
  }));
  return gzipSync(tar.writeArchive(entries)).toString("base64");
}
