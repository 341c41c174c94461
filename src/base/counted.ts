/** @param noun one whose plural takes an s @returns `1 day`, `12 days`, `0 days` */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
