/** Why a judge refuses a call. */

export interface Refusal {
  /** For the audit log, behind the rule. */
  readonly check: string;
  /** The end of a sentence for the caller: why, and what to change. */
  readonly refuse: string;
}

/** The caller is told the name of the check too: people search for it. */
export const refusal = (check: string, why: string): Refusal => ({
  check,
  refuse: `${why} (check ${check})`,
});
