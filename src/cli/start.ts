/** Builds the world of a command from this process, runs it, and reports. Does not exit: main does. */
import { homedir } from "node:os";
import { isatty } from "node:tty";
import { run } from "@stricli/core";
import { TetherdockError } from "../base/index.ts";
import { dockerHome, type Surroundings, tetherdockHome } from "../line/index.ts";
import { createContextStore } from "../system/context-store.ts";
import { createLineStore } from "../system/line-store.ts";
import { createApplication } from "./application.ts";
import type { Context, Output, Terminal } from "./context.ts";
import { createInterrupt } from "./interrupt.ts";
import { createPrompts } from "./prompts.ts";
import { reportError } from "./report-error.ts";
import { allowsColour, createStyle } from "./style.ts";

function findTerminal(env: NodeJS.ProcessEnv): Terminal {
  const [stdin, stdout, stderr] = [isatty(0), isatty(1), isatty(2)];
  const colour = { stdout: allowsColour(stdout, env), stderr: allowsColour(stderr, env) };
  return { stdin, stdout, stderr, colour };
}

/** A reader that goes away early (`| head`) is no failure of ours. */
function quietOnClosedPipe(stream: NodeJS.WriteStream): Output {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return stream;
}

/** stricli writes help to its stdout; what it writes to stderr we have kept as failures. */
function stricliProcess(stdout: Output, terminal: Terminal): Context["process"] {
  return {
    stdout: {
      write: (text) => stdout.write(text),
      getColorDepth: () => (terminal.colour.stdout ? 4 : 1),
    },
    stderr: { write: () => {} },
  };
}

function createContext(setExitStatus: (status: number) => void): Context {
  const { env, platform } = process;
  const surroundings: Surroundings = { env, platform, home: homedir(), cwd: process.cwd() };
  const terminal = findTerminal(env);
  const stdout = quietOnClosedPipe(process.stdout);
  const interrupt = createInterrupt();
  return {
    ...surroundings,
    process: stricliProcess(stdout, terminal),
    stdout,
    stderr: quietOnClosedPipe(process.stderr),
    clock: Date.now,
    terminal,
    prompts: createPrompts(terminal),
    lines: createLineStore(tetherdockHome(surroundings)),
    contexts: createContextStore(dockerHome(surroundings)),
    setExitStatus,
    // Not taken over until asked for: a command that never looks dies of Ctrl-C as it should.
    get signal() {
      return interrupt.signal();
    },
  };
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

/**
 * Runs one command line.
 * @param args without the program's name
 * @returns the exit status
 */
export async function start(args: readonly string[]): Promise<number> {
  let status = 0;
  const failures: unknown[] = [];
  const context = createContext((wanted) => {
    status = wanted;
  });
  await run(
    createApplication(args, (failure) => failures.push(failure)),
    args,
    context,
  );
  for (const failure of failures.map(unwrapAbort)) {
    const report = reportError(failure, createStyle(context.terminal.colour.stderr));
    if (wantsJson(args)) context.stdout.write(report.json);
    else context.stderr.write(report.text);
    status ||= report.exitStatus;
    if (wantsJson(args)) break;
  }
  return status;
}
