/** Extended attributes of an upload's files: the engine sets them as root on the host, each that the file system takes. */
import type { Message } from "../wire.ts";

export const latin = (value: unknown): string => Buffer.from((value ?? []) as Uint8Array).toString("latin1");

/** Of overlayfs, where the engine keeps the upload, and other file systems; the laptop's own overlayfs shows none of these. */
const OF_SYSTEMS = /^(?:trusted\.|user\.overlay\.)/;

/**
 * Attributes that the engine's digest of a file leaves out (BuildKit's contenthash). They come to everybody who copies files of the
 * same content.
 */
const UNHASHED = /^(?:system\.|security\.(?!capability$))/;
const ACL = /^system\.posix_acl_/;
/** Laptops have these on every file: with SELinux its label, which is let through; and on NFS what no other file system takes. */
const OF_EVERY_FILE = /^(?:security\.selinux|system\.nfs4_[ds]?acl)$/;

/**
 * Laptops have these on links too. What leads to a file of the host must not set more: Linux does not accept names with `com.`. Nor must
 * a hard link: the attributes of its file may be in no digest, since the engine does not look whether they have changed.
 */
const OF_LINKS = /^(?:security\.selinux$|com\.(?:apple|docker)\.)/;

const keysOf = (stat: Message): readonly string[] =>
  ((stat["xattrs"] as readonly Message[] | undefined) ?? []).map(({ key }) => latin(key));

/** Whether a file has attributes that are in the engine's digest of it. */
export const hasHashed = (stat: Message): boolean => keysOf(stat).some((key) => !UNHASHED.test(key));

const OR_LEAVE_OUT = "or leave the files out with .dockerignore";

/** @returns why a file with these attributes must not reach the engine; null: it may */
export function refuseXattrs(stat: Message, link: "soft" | "hard" | null): string | null {
  const keys = keysOf(stat);
  if (keys.some((key) => OF_SYSTEMS.test(key)))
    return `the build's files have attributes of overlayfs or trusted ones; remove these with setfattr -x, ${OR_LEAVE_OUT}`;
  const passes = (key: string) => OF_LINKS.test(key) || (link === "hard" && OF_EVERY_FILE.test(key));
  if (link !== null && !keys.every(passes))
    return "the build's files have a link with extended attributes; remove these with setfattr -h -x, or leave the link out with .dockerignore";
  const left = keys.filter((key) => UNHASHED.test(key) && !OF_EVERY_FILE.test(key));
  if (left.some((key) => ACL.test(key)))
    return `the build's files have ACLs, which the engine would give to other clients' builds too; remove them with setfacl -R -b, ${OR_LEAVE_OUT}`;
  return left.length > 0
    ? `the build's files have attributes of a security module or a file system (getfattr -d -m - shows them); remove these with setfattr -x, ${OR_LEAVE_OUT}`
    : null;
}
