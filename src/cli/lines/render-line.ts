/** Cells about a line, for the tables of `ls` and `status`. */
import type { LineContext } from "../../app/lines/index.ts";

/** For a table: `364 days`, `ended`, `unreadable`. */
export function formatDays(days: number | undefined): string {
  if (days === undefined) return "unreadable";
  if (days < 0) return "ended";
  return days === 1 ? "1 day" : `${days} days`;
}

/** The contexts of a line: `vps *` is current, `vps (stale)` needs a refresh. */
export function formatContexts(contexts: readonly LineContext[]): string {
  const cells = contexts.map(
    ({ name, state, current }) => `${name}${current ? " *" : ""}${state === "stale" ? " (stale)" : ""}`,
  );
  return cells.join(", ") || "-";
}
