/** The results of a run for docs/compatibility.md: a file for each generation, in TETHERDOCK_RESULTS. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Release } from "../host.ts";
import { type Cell, type Column, columnName, type Row } from "./row.ts";
import { rows } from "./rows.ts";

/** One file; tools/compatibility-page.ts reads it. A missing row of a column was not run, or failed. */
export interface Results {
  readonly release: Release;
  /** E.g. `Engine 26.1.5, systemd 257, buildx 0.13.1`. */
  readonly versions: string;
  /** All rows, in the table's order. */
  readonly rows: readonly string[];
  /** Column, then row: null for "works", otherwise why not. */
  readonly cells: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

export interface ResultKeeper {
  keep(column: Column, row: Row, cell: Cell): void;
  versions(text: string): void;
  write(): Promise<void>;
}

export function keepResults(release: Release): ResultKeeper {
  const cells: Record<string, Record<string, string | null>> = {};
  let versions = "";
  return {
    keep(column, { what }, cell) {
      const name = columnName(column);
      cells[name] = { ...cells[name], [what]: cell ?? null };
    },
    versions(text) {
      versions = text.trim().replaceAll("\n", ", ");
    },
    async write() {
      const folder = process.env["TETHERDOCK_RESULTS"];
      if (folder === undefined) return;
      const results: Results = { release, versions, rows: rows.map(({ what }) => what), cells };
      await writeFile(join(folder, `${release}.json`), JSON.stringify(results, null, 2));
    },
  };
}
