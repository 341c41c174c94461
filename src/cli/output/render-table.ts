/** Columns for the eye; scripts take `--json`. */
import { visible } from "../../base/index.ts";

/**
 * Lays rows out in columns two spaces apart, without trailing spaces.
 * @param head one heading a column
 * @param rows cells, as many as headings
 * @returns one line a row
 */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = [head, ...rows].map((row) => row.map(visible));
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  return table
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd());
}
