/** A child process as a test wants it: run to its end, output as text, the exit status a value and no exception. */
import { spawn } from "node:child_process";

/** What a command left behind. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit status; 128 and more when a signal ended it, as a shell counts. */
  readonly status: number;
}

/** Where and with what environment it runs; without, as the test itself does. */
export interface Spawning {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** In a session of its own: without the terminal that the tests may have been started from. */
  readonly detached?: boolean;
}

/** @throws when the command cannot be started at all: that is the test's fault, not a result. */
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
  // a command that ends without reading its input is its own business
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
