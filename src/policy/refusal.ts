/** Why a judge refuses a call. */

export interface Refusal {
  /** For the audit log, behind the rule. Named as in Kubernetes' Pod Security Standards where they have it. */
  readonly check: string;
  /** The end of a sentence for the caller: why, and what to change. */
  readonly refuse: string;
}

/** The caller is told the name of the check too: people search for it. */
export const refusal = (check: string, why: string): Refusal => ({
  check,
  refuse: `${why} (check ${check})`,
});

export const TOO_MUCH_KEPT: Refusal = refusal(
  "kept",
  "you have made more in a short time than Docker should keep in memory for one client; wait some minutes, or ask an admin to raise keptBytes",
);

/** Thrown where a body, a message or an archive is read: why its call is refused. */
export class CallProblem extends Error {
  readonly refusal: Refusal;

  constructor(check: string, why: string) {
    super(why);
    this.refusal = refusal(check, why);
  }
}

/** @param error that was caught @returns why the call is refused @throws what is no refusal */
export function refusalIn(error: unknown): Refusal {
  if (error instanceof CallProblem) return error.refusal;
  throw error;
}
