/** Who beside root may change a file, a link or what a directory holds: by owner, mode and access control list. */
import { visible } from "../../base/index.ts";
import type { PathStep } from "./path-step.ts";

const GROUP_WRITES = 0o020;
const ALL_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * A link's own mode means nothing, and its owner can do nothing to it that the directory does not allow.
 * @returns what is wrong, without the path: `belongs to deploy`; null when only root may
 */
export function whoMayChange(step: PathStep): string | null {
  if (step.type === "link") return null;
  if (step.uid !== 0) return `belongs to ${visible(step.user)}`;
  if (step.mode & ALL_WRITE) return "may be written by everybody";
  if (!(step.mode & GROUP_WRITES)) return null;
  if (step.acl) return "may be written by whom its access control list names";
  return step.gid === 0 ? null : `may be written by the group ${visible(step.group)}`;
}

/** Whether it is a directory such as /tmp: everybody may add to it, and only a file's owner may replace it. */
export function isSticky(step: PathStep): boolean {
  return step.type === "directory" && step.uid === 0 && (step.mode & STICKY) !== 0;
}
