/** Runs one command line and reports. Does not exit: main does. */
import { TetherdockError } from "../base/index.ts";
import type { Context } from "./context.ts";
import { createContext } from "./create-context.ts";
import { env } from "./env/command.ts";
import { whenEnvFails } from "./env/env-failed.ts";
import { readQuickEnv } from "./env/quick-env.ts";
import { createStyle } from "./output/style.ts";

async function execute(args: readonly string[], context: Context): Promise<unknown[]> {
  const quick = readQuickEnv(args);
  if (args[0] === "__complete") {
    const { complete } = await import("./completion/complete.ts");
    await complete(args.slice(1), context);
    return [];
  }
  if (!quick) {
    const { runCommandLine } = await import("./command-line.ts");
    return runCommandLine(args, context);
  }
  try {
    await env.call(context, quick.flags, quick.line);
    return [];
  } catch (failure) {
    return [failure];
  }
}

function wantsJson(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return args.slice(0, end < 0 ? undefined : end).includes("--json");
}

/** An abort that surfaces as somebody else's AbortError is still the user's Ctrl-C. */
function unwrapAbort(failure: unknown): unknown {
  const aborted = failure instanceof Error && failure.name === "AbortError";
  return aborted && failure.cause instanceof TetherdockError ? failure.cause : failure;
}

/** Prints the failures as one. @returns the exit status */
async function report(failures: unknown[], args: readonly string[], context: Context): Promise<number> {
  const { asOne, reportError } = await import("./output/report-error.ts");
  const failure = asOne(failures.map(unwrapAbort));
  const { lines, json, exitStatus } = reportError(failure, createStyle(context.terminal.colour.stderr));
  // One JSON value, and nothing else: whoever asked for JSON parses stdout.
  if (wantsJson(args)) context.stdout.json(json);
  else context.stderr.lines(lines);
  // On a terminal nobody evaluates it.
  if (!wantsJson(args) && !context.terminal.stdout)
    context.stdout.data(whenEnvFails(args, context.env["SHELL"], context.platform));
  return exitStatus;
}

/**
 * Runs one command line.
 * @param args without the program's name
 * @returns the exit status
 */
export async function start(args: readonly string[]): Promise<number> {
  let status = 0;
  const context = createContext((wanted) => {
    status = wanted;
  });
  const failures = await execute(args, context);
  return failures.length > 0 ? report(failures, args, context) : status;
}
