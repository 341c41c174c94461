/** Why a call is refused. */

/** The end of a sentence for the caller, and the check for the audit log. */
export interface Refusal {
  readonly check: string;
  readonly refuse: string;
}

export const refusal = (check: string, why: string): Refusal => ({
  check,
  refuse: `${why} (check ${check})`,
});

export class CallProblem extends Error {
  readonly refusal: Refusal;

  constructor(check: string, why: string) {
    super(why);
    this.refusal = refusal(check, why);
  }
}

const SHOWN = 80;

/** @param place the field @param why what to change @throws CallProblem */
export function refuse(check: string, place: string, value: string, why: string): never {
  throw new CallProblem(check, `${place} is ${JSON.stringify(value.slice(0, SHOWN))}: ${why}`);
}
