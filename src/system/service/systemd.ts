/**
 * Receives sockets from systemd and notifies it. Node has no datagram sockets of the kind sd_notify(3) needs, so
 * systemd-notify does it.
 */
import { execFile } from "node:child_process";
import { visible } from "../../base/index.ts";

const FIRST_FD = 3;

/** File descriptors of the listening sockets passed by systemd. @see sd_listen_fds(3) */
export function inheritedFds(env: NodeJS.ProcessEnv, pid: number): number[] {
  if (Number(env["LISTEN_PID"]) !== pid) return [];
  const count = Number(env["LISTEN_FDS"] ?? 0);
  return Number.isInteger(count) && count > 0
    ? Array.from({ length: count }, (_, index) => FIRST_FD + index)
    : [];
}

/**
 * @returns milliseconds between two watchdog notifications, or null if systemd expects none.
 * @see sd_watchdog_enabled(3)
 */
export function watchdogMs(env: NodeJS.ProcessEnv, pid: number): number | null {
  const wanted = Number(env["WATCHDOG_USEC"] ?? 0) / 1000;
  const isOurs = env["WATCHDOG_PID"] === undefined || Number(env["WATCHDOG_PID"]) === pid;
  return wanted > 0 && isOurs ? wanted / 2 : null;
}

/** Of one word. The kernel takes no argument above 128 KiB, and a status quotes files. */
const MOST_CHARACTERS = 1_000;

const inBounds = (word: string): string => visible(word.slice(0, MOST_CHARACTERS));

/**
 * Notifies systemd, if it wants notifications. Failures are ignored: systemd notices a missing notification.
 * @param words as sd_notify(3) describes them: `READY=1`, `STATUS=…`
 */
export async function notify(
  env: NodeJS.ProcessEnv,
  pid: number,
  ...words: readonly string[]
): Promise<void> {
  if (env["NOTIFY_SOCKET"] === undefined) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  try {
    execFile("systemd-notify", [`--pid=${pid}`, ...words.map(inBounds)], { env }, () => resolve());
  } catch {
    // Without memory for another process, for one.
    return;
  }
  return promise;
}
