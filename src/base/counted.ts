/** @param noun one whose plural takes an s @returns `1 day`, `12 days`, `0 days` */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** @param most how many are named @returns `a, b and 12 more` */
export function someOf(words: readonly string[], most: number): string {
  const more = words.length - most;
  return words.slice(0, most).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** @param most how many are named @returns `a, b, …` */
export const firstOf = (words: readonly string[], most: number): string =>
  words.slice(0, most).join(", ") + (words.length > most ? ", …" : "");
