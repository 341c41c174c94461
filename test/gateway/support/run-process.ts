/** A gateway as its users run it: `tetherdock gateway run`, a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { MAIN } from "../../support/program.ts";
import type { Running } from "./run-here.ts";

export interface RunningProcess extends Running {
  readonly child: ChildProcess;
  /** MiB that it holds in memory now. */
  rss(): Promise<number>;
}

/** Exit status, or the signal's name, and what it said, where it ends before it is ready. */
export class Ended extends Error {}

/**
 * @param shell what is done in the same process before, as `ulimit -n 200`
 * @returns when it is ready
 */
export async function runProcess(file: string, shell = ":"): Promise<RunningProcess> {
  const command = `${shell}; exec "$0" "$@"`;
  const child = spawn("bash", ["-c", command, process.execPath, MAIN, "gateway", "run", "--config", file], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  return whenReady(child);
}

/** Waits for a gateway that was started somehow. @param child its stderr a pipe */
export async function whenReady(child: ChildProcess): Promise<RunningProcess> {
  const lines: string[] = [];
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let rest = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts);
    if (parts.some((line) => line.startsWith("ready:"))) resolve();
  });
  // a test that was given up has nobody left to stop it
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  const over = once(child, "close").then(() => void process.off("exit", kill));
  await Promise.race([
    ready,
    over.then(() => {
      throw new Ended(`it ended with ${child.exitCode ?? child.signalCode}: ${lines.join("\n")}`);
    }),
  ]);
  return {
    child,
    lines,
    over,
    hangUp: () => void child.kill("SIGHUP"),
    stop: () => {
      child.kill("SIGTERM");
      return over;
    },
    rss: async () => {
      const status = await readFile(`/proc/${child.pid}/status`, "utf8");
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
    },
  };
}
