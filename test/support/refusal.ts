/**
 * Bad input must be refused with its own code, an error that names the input, and a next command, and must change
 * nothing.
 */
import { expect } from "vitest";
import { catalogue, type ErrorCode } from "../../src/base/index.ts";
import type { CommandOptions, Laptop } from "./laptop.ts";

/** The `--json` output of an error. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly why: readonly string[];
  readonly hints: readonly string[];
}

/**
 * Runs a command that must be refused; the laptop's own files do not change.
 * @param names text that the message or its reasons must contain
 */
export async function expectRefused(
  laptop: Laptop,
  args: readonly string[],
  code: ErrorCode,
  names: string | RegExp,
  options: CommandOptions = {},
): Promise<Refusal> {
  const before = await laptop.tree();
  const end = args.indexOf("--");
  const at = end < 0 ? args.length : end;
  const { status, stdout, stderr } = await laptop.tetherdock(args.toSpliced(at, 0, "--json"), options);
  const label = `${args.join(" ")}\n${stdout}${stderr}`;
  expect(stdout, label).toMatch(/^\{/);
  const { error } = JSON.parse(stdout) as { error: Refusal };
  expect(error.code, label).toBe(code);
  expect(status, label).toBe(catalogue[code].exit);
  expect([error.message, ...error.why].join("\n"), label).toMatch(names);
  expect(error.message, label).toMatch(/^(?![A-Z][a-z]).*[^.]$/s);
  expect(error.hints.length, label).toBeGreaterThan(0);
  expect(await laptop.tree(), label).toBe(before);
  return error;
}
