/** Any command line, through the command tree. */
import { run } from "@stricli/core";
import { createApplication } from "./application.ts";
import type { Context } from "./context.ts";
import { readRunLine } from "./run-line.ts";

/**
 * Runs a command line.
 * @returns what failed; empty when nothing did
 */
export async function runCommandLine(args: readonly string[], context: Context): Promise<unknown[]> {
  const failures: unknown[] = [];
  await run(
    createApplication(args, context, (failure) => failures.push(failure)),
    readRunLine(args),
    context,
  );
  return failures;
}
