/** Cells about a line, for the tables of `ls` and `status`. */

import type { LineContext } from "../../app/lines/index.ts";
import { counted } from "../../base/index.ts";

/** For a table: `364 days`, `ended`, `unreadable`. */
export function formatDays(days: number | undefined): string {
  if (days === undefined) return "unreadable";
  if (days < 0) return "ended";
  return counted(days, "day");
}

/** The contexts of a line: `vps *` is current, `vps (stale)` needs a refresh. */
export function formatContexts(contexts: readonly LineContext[]): string {
  const cells = contexts.map(
    ({ name, state, current }) => `${name}${current ? " *" : ""}${state === "stale" ? " (stale)" : ""}`,
  );
  return cells.join(", ") || "-";
}
