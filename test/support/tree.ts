/** A folder as text, to compare before and after. */
import { readdir, readFile, readlink, stat } from "node:fs/promises";
import { join } from "node:path";

async function describe(path: string): Promise<string> {
  const { mode } = await stat(path);
  const octal = (mode & 0o7777).toString(8);
  return `${octal} ${(await readFile(path)).toString("base64")}`;
}

/** @returns a line for each path, with kind, mode and content, sorted; "absent" if there is no such folder */
export async function treeOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => null);
  if (!entries) return "absent";
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) return `${path} ${((await stat(path)).mode & 0o7777).toString(8)}/`;
    return `${path} ${entry.isSymbolicLink() ? await readlink(path) : await describe(path)}`;
  });
  return (await Promise.all(lines)).sort().join("\n");
}
