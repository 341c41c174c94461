/** Times in JSON have one form everywhere: docs/reference/json.md. */

/** @returns RFC 3339, in UTC, with milliseconds */
export function jsonTime(ms: number): string {
  return new Date(ms).toISOString();
}
