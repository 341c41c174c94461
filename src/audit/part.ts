/**
 * The parts of the log. Each has its own files, chain and share of the disk, so filling one part does not push records
 * out of another.
 */

/**
 * `actions`: permitted requests that a viewer may not make, and the gateway's own messages. `reads`: permitted requests
 * that a viewer may make. `refusals`: everything that was refused.
 */
export type AuditPart = "actions" | "reads" | "refusals";

/** The most important first. */
export const AUDIT_PARTS: readonly AuditPart[] = ["actions", "reads", "refusals"];

/** Rotation needs at least two files. */
const LEAST_KEPT = 2;

/**
 * How many files of a part are kept.
 * @param keep the configured number, which is for actions; the other parts get a quarter of it each
 */
export function filesKept(part: AuditPart, keep: number): number {
  return part === "actions" ? keep : Math.max(LEAST_KEPT, Math.ceil(keep / 4));
}

/**
 * The longest text in a record, in characters; for a longer one the record has its length and a digest. A build's
 * target contains all its arguments, and a filter can be long. Refused requests had no effect, so their limit is lower.
 */
export function longestText(part: AuditPart): number {
  return part === "refusals" ? 256 : 2048;
}
