/** Refusals of a value inside a message. */
import { CallProblem } from "../refusal.ts";

const SHOWN = 80;

/** @param place the field @param why what to change @throws CallProblem */
export function refuse(check: string, place: string, value: string, why: string): never {
  throw new CallProblem(check, `${place} is ${JSON.stringify(value.slice(0, SHOWN))}: ${why}`);
}
