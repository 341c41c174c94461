/** Quotes text so that a shell reads it as exactly one word. */

/** Quotes a word for a POSIX shell; words that need no quotes are unchanged. */
export function shellQuote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command line as a person would type it. */
export function shellJoin(words: readonly string[]): string {
  return words.map(shellQuote).join(" ");
}
