/** The end of a process that a test waits for, or what its threads do instead. */
import type { ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Longer than a gateway waits for its clients when it stops. */
const WAIT_MS = 20_000;

/** @param others processes whose threads are shown too @throws Error if it has not ended after 20 s; it is killed then */
export async function endOf(
  child: ChildProcess,
  what: string,
  ...others: readonly (number | undefined)[]
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  child.once("exit", () => resolve());
  const timer = setTimeout(() => {
    const threads = [child.pid, ...others].flatMap((pid) => (pid === undefined ? [] : threadsOf(pid)));
    child.kill("SIGKILL");
    reject(new Error(`${what} has not ended after ${WAIT_MS} ms:\n${threads.join("\n")}`));
  }, WAIT_MS);
  await promise.finally(() => clearTimeout(timer));
}

/** A line for each: what it is, its state, its tracer, and where in the kernel it waits. */
function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => {
      const at = `/proc/${pid}/task/${task}`;
      const status = readFileSync(`${at}/status`, "utf8");
      const [name, state, tracer] = ["Name", "State", "TracerPid"].map(
        (field) => new RegExp(`^${field}:\\s*(.*)$`, "m").exec(status)?.[1],
      );
      return `${pid}/${task} ${name}: ${state}, tracer ${tracer}, ${readFileSync(`${at}/wchan`, "utf8")}`;
    });
  } catch {
    return [`${pid}: gone`];
  }
}
