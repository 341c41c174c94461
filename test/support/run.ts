/**
 * A child process for tests: runs to its end, with its output as text and its exit status as a value, not an exception.
 */
import { spawn } from "node:child_process";

/** The result of a command. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; 128 and more if a signal ended it, as in a shell. */
  readonly status: number;
}

/** Folder and environment; by default the test's own. */
export interface Spawning {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** In a new session: without the terminal that the tests may have been started from. */
  readonly detached?: boolean;
}

/** @throws when the command cannot be started at all, which is an error of the test */
export function run(
  argv: readonly [string, ...string[]],
  input = "",
  spawning: Spawning = {},
): Promise<Output> {
  const { promise, resolve, reject } = Promise.withResolvers<Output>();
  const [file, ...args] = argv;
  const child = spawn(file, args, { ...spawning, stdio: "pipe" });
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const)
    child[name].setEncoding("utf8").on("data", (chunk: string) => {
      text[name] += chunk;
    });
  child.on("error", reject);
  child.on("close", (code) => resolve({ ...text, status: code ?? 128 }));
  // a command may end without reading its input
  child.stdin.on("error", () => {});
  child.stdin.end(input);
  return promise;
}

/** Like {@link run}, for steps of a test that must succeed. @returns stdout, trimmed. */
export async function mustRun(argv: readonly [string, ...string[]], input = ""): Promise<string> {
  const { stdout, stderr, status } = await run(argv, input);
  if (status !== 0) throw new Error(`${argv.join(" ")}: exit status ${status}\n${stderr}${stdout}`);
  return stdout.trim();
}
