/**
 * Certificates for the clients of a native line whose CA was replaced, one file for each: `lines/NAME/reissued/`. What an
 * earlier replacement left there is removed: its CA is no longer the line's.
 */
import { join } from "node:path";
import { parseLineName } from "../../line/index.ts";
import { makeDirectory, writeAtomically } from "../files/atomic-file.ts";
import { namesIn, removeIfThere } from "../files/file-error.ts";

interface File {
  readonly name: string;
  readonly text: string;
}

/** Some file systems take Bob for bob. */
function fileNames(files: readonly File[]): string[] {
  const taken = new Set<string>();
  return files.map(({ name }) => {
    for (let count = 1; ; count += 1) {
      const file = `${name}${count === 1 ? "" : `-${count}`}.pem`;
      if (taken.has(file.toLowerCase())) continue;
      taken.add(file.toLowerCase());
      return file;
    }
  });
}

/** @param home tetherdock's folder, absolute */
export function createReissuedFiles(home: string) {
  return async (line: string, files: readonly File[]): Promise<readonly string[]> => {
    const folder = join(home, "lines", parseLineName(line), "reissued");
    await makeDirectory(folder);
    const names = fileNames(files);
    for (const left of await namesIn(folder))
      if (left.endsWith(".pem") && !names.includes(left)) await removeIfThere(join(folder, left));
    for (const [at, { text }] of files.entries())
      await writeAtomically(join(folder, names[at] ?? ""), text, 0o600);
    return names.map((name) => join(folder, name));
  };
}
