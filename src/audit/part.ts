/**
 * The parts of the log, each with its own files, chain and share of the disk: whoever fills one cannot push anything
 * out of another.
 */

/**
 * `actions`: permitted, and more than a viewer's reads; the gateway's own words. `reads`: permitted, and open to a
 * viewer. `refusals`: everything that was not let through.
 */
export type AuditPart = "actions" | "reads" | "refusals";

/** The ones that matter most first. */
export const AUDIT_PARTS: readonly AuditPart[] = ["actions", "reads", "refusals"];

/** A record is a few hundred bytes: two files are enough to rotate. */
const LEAST_KEPT = 2;

/**
 * How many files of a part are kept.
 * @param keep what the configuration says, which is for actions; the other parts get a quarter of it each
 */
export function filesKept(part: AuditPart, keep: number): number {
  return part === "actions" ? keep : Math.max(LEAST_KEPT, Math.ceil(keep / 4));
}

/**
 * The longest text that a record holds, in characters; of a longer one the length and a digest are kept beside it. A
 * build's target has all its arguments, and a filter can be long. What is refused had no effect and is shorter.
 */
export function longestText(part: AuditPart): number {
  return part === "refusals" ? 256 : 2048;
}
