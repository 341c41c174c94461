/** The first exchange with the host, and how long it may take. */
import { SECOND_MS } from "../../base/index.ts";
import type { StreamText } from "./stream-text.ts";

/** Time for a login shell to read its startup files and run one command. */
const LOGIN_MS = 30 * SECOND_MS;
/** Time for everything before that: name, connection, host key, passwords. sshd itself gives up after two minutes. */
const ARRIVAL_MS = 180 * SECOND_MS;

/** What the host reports about our login. */
export interface Greeting {
  readonly uid: string;
  /** The host's address that we connected to; "" if unknown. */
  readonly arrivedAt: string;
  readonly sudoAsks: boolean;
}

/** How long the host may take; shorter in tests. */
export interface GreetingTimes {
  readonly arrivalMs?: number;
  readonly loginMs?: number;
  readonly sudoMs?: number;
}

/**
 * The first command on the host: it prints the user id, the address that we connected to, and whether sudo asks for a
 * password; then it starts a shell. It is one line that fish, csh and zsh read like sh: the login shell only has to
 * start `sh`.
 */
export function greetingCommand(marker: string): string {
  const words = `echo ${marker} uid $(id -u) $(echo "$SSH_CONNECTION" | cut -d" " -f3)`;
  const sudo = `if sudo -n true 2>/dev/null; then echo ${marker} sudo yes; else echo ${marker} sudo no; fi`;
  return `exec sh -c '${words}; ${sudo}; exec sh'`;
}

/**
 * For ssh's LocalCommand: reports on stderr that the login is complete, so that the shorter limit applies only to what
 * follows.
 */
export function arrivalCommand(marker: string): string {
  return `exec sh -c 'echo ${marker} arrived >&2'`;
}

/**
 * Waits for the greeting.
 * @returns "late" when it does not come in time; null when the connection ended first
 */
export async function readGreeting(
  out: StreamText,
  err: StreamText,
  marker: string,
  { arrivalMs = ARRIVAL_MS, loginMs = LOGIN_MS }: GreetingTimes = {},
): Promise<Greeting | "late" | null> {
  const end = new AbortController();
  const abort = (): void => end.abort();
  let timer = setTimeout(abort, arrivalMs);
  const arrival = err.until(new RegExp(`${marker} arrived\n`), end.signal).then((arrived) => {
    clearTimeout(timer);
    timer = setTimeout(abort, arrived ? loginMs : arrivalMs);
  });
  const found = await out.until(new RegExp(`${marker} sudo (yes|no)\r?\n`), end.signal);
  const isLate = end.signal.aborted;
  abort();
  // The stream allows one reader at a time, so this one must end before the next reads stderr.
  await arrival;
  clearTimeout(timer);
  if (!found) return isLate ? "late" : null;
  const [, uid = "", arrivedAt = ""] =
    new RegExp(`${marker} uid (\\d+) ?(\\S*)\r?\n`).exec(found.before) ?? [];
  return { uid, arrivedAt, sudoAsks: found.groups[1] === "no" };
}
