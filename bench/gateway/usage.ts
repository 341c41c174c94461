/** Resources that a process and its children have used, as counted by the kernel. */
import { readdirSync, readFileSync } from "node:fs";

function parentOf(pid: string): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "latin1");
    return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return -1; // ended in the meantime
  }
}

/** @returns the process and everything below it: nginx works in children */
export function treeOf(pid: number): number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), parentOf(name)] as const);
  const tree = [pid];
  for (let at = 0; at < tree.length; at++)
    for (const [child, parent] of parents) if (parent === tree[at]) tree.push(child);
  return tree;
}

const TICK_US = 10_000;
const UTIME = 11;

/** Nanoseconds by thread are exact, but the figures of an ended thread are lost, as with stunnel. */
function threadsUs(pid: number): number {
  let ns = 0;
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    try {
      ns += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "latin1").split(" ")[0]);
    } catch {
      // a thread that has ended in the meantime
    }
  }
  return ns / 1000;
}

/** utime and stime include ended threads, but count in ticks. */
function ticksUs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  const [user = "", system = ""] = text
    .slice(text.lastIndexOf(")") + 2)
    .split(" ")
    .slice(UTIME);
  return (Number(user) + Number(system)) * TICK_US;
}

/** Microseconds of processor time, user and system, of all of them. */
export function cpuUs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Math.max(threadsUs(pid), ticksUs(pid)), 0);
}

/** KiB in memory, of all of them. */
export function rssKib(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const found = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return sum + Number(found?.[1] ?? 0);
  }, 0);
}
