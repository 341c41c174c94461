/** Runs a child in our place: it gets our streams and signals, and we return its exit status. */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { errorCodeOf } from "../files/file-error.ts";

/** How the child is run. */
export interface ChildOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Whether one of the three streams is a terminal: Ctrl-C then reaches the child directly. */
  readonly onTerminal: boolean;
  /**
   * Reads a copy of the child's stdout and stderr, which become pipes for the child. `stdoutTo`: where the child's
   * stdout goes, in case ours is used for something else.
   */
  readonly listen?: { readonly onOutput: (chunk: Buffer) => void; readonly stdoutTo: "stdout" | "stderr" };
}

/** Signals that are sent to one process, so we must forward them. */
const HANDED_ON = ["SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2"] as const;
/** Signals a terminal sends to the whole foreground group; forwarding them would look like a second Ctrl-C. */
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
  const { cwd, env, listen } = options;
  const child = spawn(program, args, { cwd, env, stdio: listen ? ["inherit", "pipe", "pipe"] : "inherit" });
  if (listen) {
    passOn(child.stdout, process[listen.stdoutTo], listen.onOutput);
    passOn(child.stderr, process.stderr, listen.onOutput);
  }
  const handOn = (name: NodeJS.Signals): void => {
    child.kill(name);
  };
  // We survive these signals in either case: the child decides what they mean, and we report how it ended.
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
  // "close" comes only after all output has arrived.
  child.once(listen ? "close" : "exit", (code: number | null, signal: NodeJS.Signals | null) => {
    finish();
    resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
  return promise;
}

function passOn(from: Readable | null, to: NodeJS.WriteStream, onOutput: (chunk: Buffer) => void): void {
  from?.on("data", onOutput);
  from?.pipe(to, { end: false });
  // If our reader ends early (`… | head`), the child must notice it as it would without us.
  to.once("error", () => from?.destroy());
}

/** @returns COMMAND_NOT_FOUND, COMMAND_NOT_EXECUTABLE; any other error unchanged */
export function cannotRun(program: string, cause: Error): unknown {
  const code = errorCodeOf(cause);
  if (code === "ENOENT") {
    return new TetherdockError("COMMAND_NOT_FOUND", `there is no command "${program}"`, {
      hints: [shellJoin(["command", "-v", program])],
      cause,
    });
  }
  if (code === "EACCES" || code === "ENOEXEC")
    return new TetherdockError("COMMAND_NOT_EXECUTABLE", `cannot run "${program}"`, {
      why: [code === "EACCES" ? "permission denied" : "it is not a program for this machine"],
      hints: [shellJoin(["ls", "-l", program])],
      cause,
    });
  return cause;
}
