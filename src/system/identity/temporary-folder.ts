/** A folder for secrets that exist for one command. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFile } from "../files/atomic-file.ts";
import { withFile } from "../files/file-error.ts";

const SECRET = 0o600;

/** mkdtemp makes it for the owner only. @throws FILE_FAILED */
export async function temporaryFolder(prefix: string) {
  const parent = tmpdir();
  const path = await withFile("make", parent, () => mkdtemp(join(parent, prefix)));
  return {
    path,
    write: (name: string, text: string) => createFile(join(path, name), text, SECRET),
    remove: () => withFile("remove", path, () => rm(path, { recursive: true, force: true })),
  };
}
