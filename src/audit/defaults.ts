/** What the log does unless told otherwise. */

/** 64 MiB: some 170,000 records; read, or hashed, in well under a second. */
export const AUDIT_ROTATE_BYTES = 64 * 1024 * 1024;

/** 16 files of actions, at most 1 GiB; and 4 each of reads and of refusals, half a GiB more (part.ts). */
export const AUDIT_KEEP = 16;

/** What a power cut may take, at most: a second of records. A flush each turn would make every request wait for the disk. */
export const AUDIT_SYNC_MS = 1_000;
