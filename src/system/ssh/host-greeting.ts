/** The first words between us and the host, and how long they may take. */
import { SECOND_MS } from "../../base/index.ts";
import type { StreamText } from "./stream-text.ts";

/** Time for a login shell to start its files and run one command. */
const LOGIN_MS = 30 * SECOND_MS;
/** Time for everything before: name, connection, host key, passwords. sshd itself gives up after two minutes. */
const ARRIVAL_MS = 180 * SECOND_MS;

/** What the host told about our login. */
export interface Greeting {
  readonly uid: string;
  /** The address at which we came in; "" where it is none. */
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
 * First thing on the host: tell who we are, where we came in, and whether sudo asks; then take orders. One line, and
 * nothing in it that fish, csh or zsh would read in another way than sh: the login shell only has to start `sh`.
 */
export function greetingCommand(marker: string): string {
  const words = `echo ${marker} uid $(id -u) $(echo "$SSH_CONNECTION" | cut -d" " -f3)`;
  const sudo = `if sudo -n true 2>/dev/null; then echo ${marker} sudo yes; else echo ${marker} sudo no; fi`;
  return `exec sh -c '${words}; ${sudo}; exec sh'`;
}

/** For ssh's LocalCommand: says on stderr that the login is done, so that only what follows has to be quick. */
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
  // One reader at a time: whoever reads stderr next comes after this one.
  await arrival;
  clearTimeout(timer);
  if (!found) return isLate ? "late" : null;
  const [, uid = "", arrivedAt = ""] =
    new RegExp(`${marker} uid (\\d+) ?(\\S*)\r?\n`).exec(found.before) ?? [];
  return { uid, arrivedAt, sudoAsks: found.groups[1] === "no" };
}
