/**
 * Only the gateway may open the folder of its client list. Anyone who can open the folder can lock the list, so that nobody
 * can be revoked; anyone who can write to it can replace the list.
 */
import { realpath, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** Permission bits of a folder: to list or change it, and to pass through it. */
const CLASSES = [
  { who: "its group", enters: 0o060, passes: 0o010 },
  { who: "other users", enters: 0o006, passes: 0o001 },
] as const;

/** Whether they can pass through every parent folder. One that cannot be examined counts as open. */
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
    why: [why, "anyone who can open it can lock the list, and then no client can be revoked"],
    hints: [shellJoin(fix)],
  });
}

/**
 * Whether only root can reach what is below, except for a service that root has given it: every parent is root's, nobody else
 * can change one, and nobody else can pass through one of them. So it is with /var/lib/private, where systemd keeps the folders of
 * services whose users exist only while they run.
 */
async function isBehindRoot(path: string, closed = false): Promise<boolean> {
  const parent = dirname(path);
  if (parent === path) return closed;
  const { uid, mode } = await withFile("read", parent, () => stat(parent));
  // in a sticky folder, others cannot rename what is root's
  const isChanged = (mode & 0o022) !== 0 && (mode & 0o1000) === 0;
  return uid === 0 && !isChanged && isBehindRoot(parent, closed || (mode & 0o011) === 0);
}

/** Whether root may trust the folder of another user: that of the service alone, who owns its audit log too. */
async function isOfService(path: string, owner: number, log: string | undefined): Promise<boolean> {
  if (log === undefined) return false;
  const { uid } = await withFile("read", log, () => stat(log));
  return uid === owner && isBehindRoot(path);
}

/** Who asks. */
export interface DirectoryReader {
  /** Undefined on systems without file owners. */
  readonly uid: number | undefined;
  /** For root, who only reads: the folder of the audit log of the service that runs as another user. */
  readonly auditLog?: string;
}

/**
 * @param file the client list
 * @throws GATEWAY_CONFIG_BROKEN, FILE_FAILED
 */
export async function requireOwnDirectory(
  file: string,
  { uid, auditLog }: DirectoryReader = { uid: process.getuid?.() },
): Promise<void> {
  if (uid === undefined) return;
  const path = await withFile("read", dirname(file), () => realpath(dirname(file)));
  const { uid: owner, mode } = await withFile("read", path, () => stat(path));
  // Only its owner and root can open such a folder, so its owner does not matter: a user namespace may show another one.
  if (uid !== 0 && (mode & 0o077) === 0) return;
  if (owner !== uid && owner !== 0 && !(uid === 0 && (await isOfService(path, owner, auditLog))))
    throw unsafe(path, `it belongs to uid ${owner}`, ["ls", "-ld", path]);
  for (const { who, enters, passes } of CLASSES)
    if ((mode & enters) !== 0 && (await isReached(path, passes)))
      throw unsafe(path, `${who} can open it: its mode is ${(mode & 0o7777).toString(8)}`, [
        "chmod",
        "700",
        path,
      ]);
}
