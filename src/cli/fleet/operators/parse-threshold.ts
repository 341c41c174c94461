import { MOST_OPERATORS } from "../../../fleet/index.ts";

/** @throws SyntaxError, which is shown beside the argument */
export function parseThreshold(text: string): number {
  const number = /^\d{1,2}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= MOST_OPERATORS) return number;
  throw new SyntaxError(`it is a number from 1 to ${MOST_OPERATORS}`);
}
