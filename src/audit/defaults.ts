/** Defaults of the log. */

/** 64 MiB: about 170,000 records, which are read or hashed in well under a second. */
export const AUDIT_ROTATE_BYTES = 64 * 1024 * 1024;

/** 16 files of actions, at most 1 GiB, and 4 files each of reads and refusals, another half GiB (part.ts). */
export const AUDIT_KEEP = 16;

/** A power cut loses at most a second of records. A flush in each turn would make every request wait for the disk. */
export const AUDIT_SYNC_MS = 1_000;
