/** Bytes as programs quote them in messages: Go's %q, Python's repr, C escapes. */

const SHORT: Readonly<Record<string, number>> = {
  a: 7,
  b: 8,
  t: 9,
  n: 10,
  v: 11,
  f: 12,
  r: 13,
  "0": 0,
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g;

/**
 * Reads a quoted text back into bytes. A character beyond ASCII (Go prints valid UTF-8 as it is) becomes its UTF-8.
 * @param quoted without the quotes around it; looked at up to 4 KiB
 */
export function unquoteBytes(quoted: string): Uint8Array {
  const text = quoted.slice(0, 4096);
  const bytes: number[] = [];
  const plain = (part: string): void => {
    bytes.push(...new TextEncoder().encode(part));
  };
  let at = 0;
  for (const match of text.matchAll(ESCAPE)) {
    plain(text.slice(at, match.index));
    at = match.index + match[0].length;
    const [, hex, unicode, letter = ""] = match;
    if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (unicode !== undefined) plain(String.fromCharCode(Number.parseInt(unicode, 16)));
    else if (letter in SHORT) bytes.push(SHORT[letter] ?? 0);
    else plain(letter);
  }
  plain(text.slice(at));
  return Uint8Array.from(bytes);
}
