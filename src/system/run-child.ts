/** A child that stands in for us: our streams, our signals, its exit status. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { TetherdockError } from "../base/index.ts";
import { errorCodeOf } from "./file-error.ts";

/** How the child is run. */
export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether one of the three streams is a terminal: Ctrl-C then reaches the child by itself. */
  readonly onTerminal: boolean;
}

/** Signals that are sent to one process and so must be handed on. */
const HANDED_ON = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** Signals a terminal sends to the whole foreground group; a second copy would read as a second Ctrl-C. */
const FROM_TERMINAL = ["SIGINT", "SIGQUIT"] as const;

/**
 * Runs a command to its end.
 * @param command the program, looked up in PATH, and its arguments
 * @returns its exit status; 128+n when signal n ended it
 * @throws COMMAND_NOT_FOUND or COMMAND_NOT_EXECUTABLE
 */
export function runChild(command: readonly string[], options: ChildOptions): Promise<number> {
  const [program = "", ...args] = command;
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(program, args, { cwd: options.cwd, env: options.env, stdio: "inherit" });
  const handOn = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  // Ours to survive either way: the child decides what a signal means, and we report how it ended.
  const ignore = (): void => {};
  const listeners = [
    ...HANDED_ON.map((name) => [name, handOn] as const),
    ...FROM_TERMINAL.map((name) => [name, options.onTerminal ? ignore : handOn] as const),
  ].filter(([name]) => name in constants.signals); // Windows has no SIGUSR1 and SIGUSR2.
  for (const [name, listener] of listeners) process.on(name, listener);
  const finish = (): void => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
  child.once("error", (error) => {
    finish();
    reject(cannotRun(program, error));
  });
  child.once("exit", (code, signal) => {
    finish();
    resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return promise;
}

function cannotRun(program: string, cause: Error): unknown {
  const code = errorCodeOf(cause);
  if (code === "ENOENT") {
    return new TetherdockError("COMMAND_NOT_FOUND", `there is no command "${program}"`, {
      hints: [`command -v ${program}`],
      cause,
    });
  }
  if (code === "EACCES" || code === "ENOEXEC")
    return new TetherdockError("COMMAND_NOT_EXECUTABLE", `cannot run "${program}"`, {
      why: [code === "EACCES" ? "permission denied" : "it is not a program for this machine"],
      hints: [`ls -l ${program}`],
      cause,
    });
  return cause;
}
