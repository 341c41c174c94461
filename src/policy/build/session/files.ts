/** The files that an upload lists: which of them the engine's receiver must not make, as it does so as root on the host. */
import type { Message } from "../wire.ts";
import { STRANGE } from "./answer.ts";
import { latin, refuseXattrs } from "./xattrs.ts";

/** Go's file modes: devices, character devices, pipes. */
const SPECIAL = 0x4000000n | 0x200000n | 0x2000000n;
const LINK = 0x8000000n;
const FOLDER = 0x80000000n;
const SOCKET = 0x1000000n;
/** Permissions, setuid, setgid, sticky. */
const PERMISSIONS = 0o777n | 0x800000n | 0x400000n | 0x100000n;

/**
 * The receiver makes a changed file under such a name, in the file's folder, and opens it without asking whether it is there. The
 * digits are a simple random sequence's, and an error message shows where it is. A file of that name would be moved away while its
 * content is still awaited, and the content would go to what comes next under the name.
 */
const TEMPORARY = /(?:^|\/)\.tmp\.\d{9}$/;

const isOutside = (path: string): boolean => path.split("/").some((part) => part === "." || part === "..");

const modeOf = (stat: Message): bigint => (stat["mode"] as bigint | undefined) ?? 0n;

export const isFolder = (stat: Message): boolean => (modeOf(stat) & FOLDER) !== 0n;

/** The receiver asks for no other's content. */
export const hasContent = (stat: Message): boolean =>
  (modeOf(stat) & ~PERMISSIONS) === 0n && latin(stat["linkname"]) === "";

/** Another name of a file. */
export const isHardLink = (stat: Message): boolean =>
  (modeOf(stat) & ~PERMISSIONS) === 0n && latin(stat["linkname"]) !== "";

const linkOf = (stat: Message): "soft" | "hard" | null => {
  if ((modeOf(stat) & LINK) !== 0n) return "soft";
  return isHardLink(stat) ? "hard" : null;
};

/**
 * A file is one thing: receivers ask in some order what it is. A folder that names another file has that one's digest in the engine's
 * cache, whatever its own mode.
 */
export function refuseKind(stat: Message): string | null {
  const kind = modeOf(stat) & ~PERMISSIONS;
  if (![0n, LINK, FOLDER, SOCKET].includes(kind)) return "the build's files have one of an unknown kind";
  const link = latin(stat["linkname"]);
  if (link !== "" && (kind === FOLDER || kind === SOCKET)) return STRANGE;
  // Linux has no such name. The engine's cache takes it for a slash.
  return `${latin(stat["path"])}${link}`.includes("\0") ? STRANGE : null;
}

/**
 * A device: the engine reads the host's disk; a pipe: it waits for ever. The folder itself as a link: all that follows is written
 * where the link leads (GHSA-g2h8-426c-7976 is the same with `..`); and so is what follows a link of the receiver's next temporary
 * name. Attributes of a link are set on what it leads to (GHSA-w26x-xg27-7qjc).
 */
export function refuseFile(stat: Message): string | null {
  const mode = modeOf(stat);
  if ((mode & SPECIAL) !== 0n) return "the build's files have a device or a pipe";
  const path = latin(stat["path"]);
  if (isOutside(path)) return "the build's files have a path that leads out of their folder";
  if (TEMPORARY.test(path))
    return "the build's files have a name that Docker uses for temporary files; rename it, or leave it out with .dockerignore";
  return refuseXattrs(stat, linkOf(stat));
}

const isOwned = ({ uid = 0n, gid = 0n }: Message): boolean => uid !== 0n || gid !== 0n;

const FOLDER_WITH_OWNER =
  "the build's files have a folder with an owner, as docker 20.10 sends it if the Dockerfile is a link into a folder; name the file itself with -f, or use a newer docker";

/**
 * Where the host maps users, the receiver leaves out what belongs to a user whom it cannot map, and goes on as if it had made it:
 * what is in such a folder is written through a link that an earlier upload has put in its place, and a hard link to such a file is
 * one to that link. Docker's clients send root as the owner of everything; older ones not of the Dockerfile.
 */
export class Owners {
  #hasOwners = false;

  refuses(stat: Message): string | null {
    this.#hasOwners ||= isOwned(stat);
    if (isOwned(stat) && isFolder(stat)) return FOLDER_WITH_OWNER;
    return isHardLink(stat) && this.#hasOwners ? "the build's files have hard links and owners" : null;
  }
}
