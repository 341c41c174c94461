/** The only place that parses JSON. It checks size and depth first. */

/** Limits for text from elsewhere. */
export interface Bounds {
  /** UTF-16 code units. */
  readonly maxLength?: number;
  /** Nested lists and objects. */
  readonly maxDepth?: number;
}

const MAX_LENGTH = 4 * 1024 * 1024;
/** Deeper than anything that Docker or tetherdock writes, and far below the depth that exhausts the stack. */
const MAX_DEPTH = 64;

function isEscaped(text: string, quote: number): boolean {
  let at = quote;
  while (text.charCodeAt(at - 1) === 0x5c) at -= 1;
  return (quote - at) % 2 === 1;
}

/** @param at of the quote that begins a string @returns of the one that ends it; the text's length: none does */
function endOfString(text: string, at: number): number {
  let end = text.indexOf('"', at + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end;
}

/** Counts brackets outside strings in one pass; the parser reports text that is not JSON. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at);
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
}

/**
 * Parses JSON.
 * @throws SyntaxError, also for text that exceeds the limits
 */
export function parse(text: string, bounds: Bounds = {}): unknown {
  const { maxLength = MAX_LENGTH, maxDepth = MAX_DEPTH } = bounds;
  if (text.length > maxLength) throw new SyntaxError(`it is longer than ${maxLength} characters`);
  if (depthOf(text) > maxDepth) throw new SyntaxError(`it is nested deeper than ${maxDepth} levels`);
  return JSON.parse(text);
}
