/** The only place that parses JSON: bounded in size and depth before anything is made of it. */

/** Bounds of a text that somebody else wrote. */
export interface Bounds {
  /** UTF-16 code units. */
  readonly maxLength?: number;
  /** Lists and objects inside one another. */
  readonly maxDepth?: number;
}

const MAX_LENGTH = 4 * 1024 * 1024;
/** Deeper than anything Docker or we write, and far from what exhausts the stack of whoever walks through it. */
const MAX_DEPTH = 64;

/** Brackets outside strings; one pass, and a text that is no JSON is left to the parser. */
function depthOf(text: string): number {
  let [depth, deepest, inString] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === 0x5c) at += 1;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x5d || code === 0x7d) depth -= 1;
  }
  return deepest;
}

/**
 * Parses JSON.
 * @throws SyntaxError also for a text past its bounds
 */
export function parse(text: string, bounds: Bounds = {}): unknown {
  const { maxLength = MAX_LENGTH, maxDepth = MAX_DEPTH } = bounds;
  if (text.length > maxLength) throw new SyntaxError(`it is longer than ${maxLength} characters`);
  if (depthOf(text) > maxDepth) throw new SyntaxError(`it is nested deeper than ${maxDepth} levels`);
  return JSON.parse(text);
}
