/** Who besides root can change a file, a link or a directory's entries, by owner, mode and access control list. */
import { visible } from "../../base/index.ts";
import type { PathStep } from "./path-step.ts";

const GROUP_WRITES = 0o020;
const ALL_WRITE = 0o002;
const STICKY = 0o1000;

/**
 * A link's own mode has no meaning, and its owner can only do what the directory allows.
 * @returns what is wrong, without the path: `belongs to deploy`; null if only root can change it
 */
export function whoMayChange(step: PathStep): string | null {
  if (step.type === "link") return null;
  if (step.uid !== 0) return `belongs to ${visible(step.user)}`;
  if (step.mode & ALL_WRITE) return "may be written by everybody";
  if (!(step.mode & GROUP_WRITES)) return null;
  if (step.acl) return "may be written by whom its access control list names";
  return step.gid === 0 ? null : `may be written by the group ${visible(step.group)}`;
}

/**
 * Whether this is a directory like /tmp, where only a file's owner can replace the file, even if others can add files.
 */
export function isSticky(step: PathStep): boolean {
  return step.type === "directory" && step.uid === 0 && (step.mode & STICKY) !== 0;
}
