/** A folder that every user of this machine can reach. */
import { chmod, mkdtemp } from "node:fs/promises";

/** Not in tmpdir(): that of scripts/test lets only root in. @returns its path; it is the caller's to remove */
export async function makeOpenFolder(): Promise<string> {
  const folder = await mkdtemp("/tmp/tetherdock-open-");
  await chmod(folder, 0o755);
  return folder;
}
