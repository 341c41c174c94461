/** When access ends, in UTC, and by this machine's clock where that differs: a time without a zone was typed as this machine's. */

const two = (value: number): string => `${value}`.padStart(2, "0");

/** @returns `2026-12-31 00:00`, in this machine's time zone */
function here(at: Date): string {
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** @param expires ISO 8601; null: with the certificate */
export function renderEnd(expires: string | null): string {
  if (expires === null) return "access ends with its certificate";
  const at = new Date(expires);
  return `access ends ${expires}${at.getTimezoneOffset() === 0 ? "" : `, here ${here(at)}`}`;
}
