/**
 * The folder of a client list is the gateway's alone. Whoever can open it can lock it, and then nobody can be revoked;
 * whoever can write it can replace the list.
 */
import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** Permission bits of a folder: to open it or change what is in it, and to get past it. */
const CLASSES = [
  { who: "its group", enters: 0o060, passes: 0o010 },
  { who: "other users", enters: 0o006, passes: 0o001 },
] as const;

/** Whether each folder above lets them through. One that cannot be looked at counts as open. */
async function isReached(path: string, passes: number): Promise<boolean> {
  const parent = dirname(path);
  if (parent === path) return true;
  const mode = await stat(parent).then(
    (found) => found.mode,
    () => passes,
  );
  return (mode & passes) !== 0 && isReached(parent, passes);
}

function unsafe(path: string, why: string, fix: readonly string[]): TetherdockError {
  return new TetherdockError("GATEWAY_CONFIG_BROKEN", `the folder of the client list is not safe: ${path}`, {
    why: [why, "whoever can open it can lock it, and then no client can be revoked"],
    hints: [shellJoin(fix)],
  });
}

/**
 * @param file the client list
 * @param uid of this process; undefined where files have no owners
 * @throws GATEWAY_CONFIG_BROKEN, FILE_FAILED
 */
export async function requireOwnDirectory(file: string, uid = process.getuid?.()): Promise<void> {
  if (uid === undefined) return;
  const path = await withFile("read", dirname(file), () => realpath(dirname(file)));
  const { uid: owner, mode } = await withFile("read", path, () => stat(path));
  // Only its owner and root get into such a folder: no other question is left, whatever a user namespace shows as its owner.
  if (uid !== 0 && (mode & 0o077) === 0) return;
  if (owner !== uid && owner !== 0) throw unsafe(path, `it belongs to uid ${owner}`, ["ls", "-ld", path]);
  for (const { who, enters, passes } of CLASSES)
    if ((mode & enters) !== 0 && (await isReached(path, passes)))
      throw unsafe(path, `${who} can open it: its mode is ${(mode & 0o7777).toString(8)}`, [
        "chmod",
        "700",
        path,
      ]);
}
