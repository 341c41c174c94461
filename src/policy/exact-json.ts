/**
 * JSON without loss. The engine counts in 64 bits, and a number beyond 2^53 that went through
 * a double may be refused by the client that reads it: 18446744073709551615 would come out as …552000.
 * @see ECMAScript, JSON.parse source text access; not in TypeScript's libraries yet
 */
interface ExactJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

const exact = JSON as unknown as ExactJson;

/** 2^53 has sixteen digits. That some text may look like one costs time, and nothing else. */
const LONG_NUMBER = /[\s:,[]-?\d{16}/;

/**
 * @returns the value; numbers that a double would change as something that `JSON.stringify` writes as it was
 * @throws SyntaxError
 */
export function parseExactly(text: string): unknown {
  // asking for every number's text makes parsing take three times as long
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  return exact.parse(text, (_, value, { source }) =>
    typeof value === "number" && source !== undefined && String(value) !== source
      ? exact.rawJSON(source)
      : value,
  );
}

/** Whether it is such a number: an object to `typeof`. */
export function isExactNumber(value: unknown): boolean {
  return exact.isRawJSON(value);
}
