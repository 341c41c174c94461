/** Everyday tasks with Docker, one for each row, and where they run, one for each column. */
import { expect } from "vitest";
import type { LineMode } from "../../../src/line/index.ts";
import type { Release } from "../host.ts";
import type { Shell } from "../life/shell.ts";

/** A generation of engine and client, how the line is served, and how the client finds it. */
export interface Column {
  readonly release: Release;
  readonly mode: LineMode;
  readonly by: "environment" | "context";
}

/** undefined: it works. Otherwise the reason why it does not work there, which the test has checked. */
export type Cell = undefined | string;

/** Throws if it does not work as expected; returns the reason if it is known not to work, after seeing it fail. */
export interface Row {
  readonly what: string;
  readonly run: (shell: Shell, column: Column) => Promise<Cell>;
}

/** The key in the results. */
export const columnName = ({ release, mode, by }: Column): string => `${release}, ${mode}, ${by}`;

/** Debian 12 has docker 20.10 without plugins. */
export const isOld = ({ release }: Column): boolean => release === "bookworm";

/** Debian 12 has docker 20.10 without plugins: checked, with the reason. */
export async function lacksPlugin(shell: Shell, plugin: string, why: string): Promise<Cell> {
  const { status, stdout, stderr } = await shell.run(`docker ${plugin} version`);
  expect(status).not.toBe(0);
  expect(stdout + stderr).toMatch(/is not a docker command|unknown (shorthand )?(flag|command)/);
  return why;
}

/** Waits on the host: until `command` exits with 0, within 20 s. Shell. */
export const until = (command: string): string =>
  `for try in $(seq 200); do ! { ${command}; } || break; sleep 0.1; done; ${command}`;
