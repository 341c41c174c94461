/** Refusals from inside a message. */
import { type Refusal, refusal } from "../refusal.ts";

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
