/** What people do with Docker in a day, one thing a row, and where they do it, one place a column. */
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

/** undefined: it works. Else the reason why it cannot be done there, seen to be true. */
export type Cell = undefined | string;

/** Throws when it does not do what it should; returns the reason where it is known not to work, after seeing it fail. */
export interface Row {
  readonly what: string;
  readonly run: (shell: Shell, column: Column) => Promise<Cell>;
}

/** The key in the results. */
export const columnName = ({ release, mode, by }: Column): string => `${release}, ${mode}, ${by}`;

/** Debian 12 has docker 20.10 without plugins. */
export const isOld = ({ release }: Column): boolean => release === "bookworm";

/** Debian 12 has docker 20.10 without plugins: seen, and why. */
export async function lacksPlugin(shell: Shell, plugin: string, why: string): Promise<Cell> {
  const { status, stdout, stderr } = await shell.run(`docker ${plugin} version`);
  expect(status).not.toBe(0);
  expect(stdout + stderr).toMatch(/is not a docker command|unknown (shorthand )?(flag|command)/);
  return why;
}

/** Waits for what the host reaches by itself: `command` exits with 0, within 20 s. Shell. */
export const until = (command: string): string =>
  `for try in $(seq 200); do ! { ${command}; } || break; sleep 0.1; done; ${command}`;
