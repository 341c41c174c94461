/** Changes JSON and keeps numbers as they were written. */

/** Node has it; TypeScript's library does not yet. @see TC39, JSON.parse source text access */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Docker's int64 and uint64 do not fit in a JavaScript number. */
function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value;
}

/** Finds numbers that JavaScript would write differently. It also matches some strings, which only costs time. */
const UNUSUAL_NUMBER = /(?:^|"\s*:|[,[])\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

const hasUnusualNumber = (text: string): boolean => UNUSUAL_NUMBER.test(text);

/** @param otherwise the text for a value that is not shown at all @returns the new text; null when it is not JSON or is nested too deeply, and must not be passed on */
export function rewriteJson(
  text: string,
  change: (value: unknown) => unknown,
  otherwise = "null",
): string | null {
  try {
    const value: unknown = hasUnusualNumber(text) ? JSON.parse(text, keepNumber) : JSON.parse(text);
    return JSON.stringify(change(value)) ?? otherwise;
  } catch (error) {
    // RangeError: the parser reads any depth, but the code that walks the value has only the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
