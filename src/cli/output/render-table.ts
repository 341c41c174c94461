/** Columns for people; scripts use `--json`. */
import { visible } from "../../base/index.ts";
import type { Terminal } from "../context.ts";

/** How wide a table may be: what is not read on a terminal is never laid out anew. */
export function tableWidth({ stdout, columns }: Pick<Terminal, "stdout" | "columns">): number {
  return stdout ? columns : Number.POSITIVE_INFINITY;
}

/** A row as a block: the first cell, and below it each other one with its heading. */
function renderBlock([, ...head]: readonly string[], [first = "", ...cells]: readonly string[]): string[] {
  const width = Math.max(...head.map((heading) => heading.length));
  return [first, ...head.map((heading, at) => `  ${heading.padEnd(width)}  ${cells[at] ?? ""}`.trimEnd())];
}

/**
 * Lays rows out in columns two spaces apart, without trailing spaces.
 * @param head one heading a column
 * @param rows cells, as many as headings
 * @param columns where the columns take more, each row becomes a block of lines
 * @returns the lines
 */
export function renderTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns = Number.POSITIVE_INFINITY,
): string[] {
  const table = [head, ...rows].map((row) => row.map(visible));
  const widths = head.map((_, column) => Math.max(...table.map((row) => (row[column] ?? "").length)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  if (total > columns) return table.slice(1).flatMap((row) => renderBlock(head, row));
  return table
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .map((line) => line.trimEnd());
}
