/** Files are numbered, for their order must not hang on clocks. */

/** @param number from 1 */
export function auditFileName(number: number): string {
  return `audit-${String(number).padStart(8, "0")}.jsonl`;
}

/** @returns undefined when the name is no audit file's */
export function auditFileNumber(name: string): number | undefined {
  const match = /^audit-(\d{8,12})\.jsonl$/.exec(name);
  const number = Number(match?.[1]);
  return number >= 1 && auditFileName(number) === name ? number : undefined;
}
