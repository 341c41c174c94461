/** JSON in, JSON out, with numbers as they were written. */

/** Node has it, TypeScript's library not yet. @see TC39, JSON.parse source text access */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Docker's int64 and uint64 do not fit into a JavaScript number. */
function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value;
}

/** Where a number may stand that JavaScript would write otherwise. Also true for some texts, which costs only time. */
const UNUSUAL_NUMBER = /(?:^|"\s*:|[,[])\s*(?:-0|-?\d{16}|-?\d+[.eE])/;

const hasUnusualNumber = (text: string): boolean => UNUSUAL_NUMBER.test(text);

/** @returns the new text; null when it is not JSON or is nested too deeply: then nothing of it may be passed on */
export function rewriteJson(text: string, change: (value: unknown) => unknown): string | null {
  try {
    const value: unknown = hasUnusualNumber(text) ? JSON.parse(text, keepNumber) : JSON.parse(text);
    // nothing is shown of what has another shape
    return JSON.stringify(change(value) ?? null);
  } catch (error) {
    // RangeError: the parser reads any depth, but what walks through the value has only the stack.
    if (error instanceof SyntaxError || error instanceof RangeError) return null;
    throw error;
  }
}
