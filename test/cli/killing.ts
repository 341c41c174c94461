/** kill -9 at each call that makes a change last, or visible: strace kills the process as it makes the call. */
import { expect } from "vitest";
import type { Ran } from "./laptop-stage.ts";

/** Each write of a file is followed by one of them. */
const CALLS = "mkdir,rename,renameat2,link,unlink,rmdir,fsync,fdatasync";

/** strace counts calls by thread. */
export const ONE_THREAD = "UV_THREADPOOL_SIZE=1";

/** Of strace. @param at which of the calls */
export const killing = (at: number): readonly string[] => [
  ...["-f", "-qq", "-e", `trace=${CALLS}`],
  ...["-e", `inject=${CALLS}:signal=KILL:when=${at}`],
];

/** More than any of the commands makes. */
const MOST = 60;

/**
 * Kills at one call after the other, until a run is not killed.
 * @param run returns whether it was
 * @returns how often
 */
export async function atEach(
  run: (at: number) => Promise<boolean>,
  { first = 1, step = 1 } = {},
): Promise<number> {
  for (let at = first, kills = 0; at < MOST; at += step, kills++) if (!(await run(at))) return kills;
  throw new Error("it never ended");
}

export function must(ran: Ran): string {
  expect(ran.status, ran.stderr).toBe(0);
  return ran.stdout.trim();
}

/** Of the line that the environment names. It prints OK. */
export const PING =
  'curl --silent --cacert "$DOCKER_CERT_PATH/ca.pem" --cert "$DOCKER_CERT_PATH/cert.pem" --key "$DOCKER_CERT_PATH/key.pem" "https$(echo "$DOCKER_HOST" | cut -c 4-)/_ping"';

/** What a killed command had not finished is removed by a later one, when it is an hour old. */
export const isFinished = (name: string): boolean => !name.startsWith(".tetherdock-unfinished-");
