/** The exit status of a command that went on with the other hosts after one failed. */

/**
 * The table in docs/errors.md goes from harmless to bad, so the highest is the worst: a host in an unknown state (5) before one
 * that was only not reached, an interruption (130) before all.
 */
export function worstStatus(statuses: readonly number[]): number {
  return statuses.reduce((worst, one) => Math.max(worst, one), 0);
}
