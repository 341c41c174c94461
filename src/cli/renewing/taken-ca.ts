/** What is told of a CA that came with a renewal. */
import type { TakenCa } from "../../app/renew/index.ts";
import { date } from "../output/when.ts";

/** After the line's name. Who has the old CA's key could have signed it, so another key can be compared. */
export function takenCa({ key, until }: TakenCa): string {
  return key === null
    ? `has the new CA, valid until ${date(until)}`
    : `has a new CA with another key, sha256:${key}; compare it with whoever set the line up`;
}
