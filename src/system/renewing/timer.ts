/** systemd, launchd and cron of this user, for `renew --install`. */
import { execFile } from "node:child_process";
import { userInfo } from "node:os";
import { resolve } from "node:path";
import { isSea } from "node:sea";
import { promisify } from "node:util";
import { SECOND_MS, TetherdockError } from "../../base/index.ts";

const execute = promisify(execFile);
const TIME_MS = 30 * SECOND_MS;
/** Longer answers are cut. */
const MAX_SAID = 500;

/** @returns null: it succeeded; else what it said, or that it is missing */
export async function runQuietly([program = "", ...args]: readonly string[]): Promise<string | null> {
  try {
    await execute(program, args, { timeout: TIME_MS });
    return null;
  } catch (error) {
    const { stderr, message } = error as Error & { readonly stderr?: string };
    return (stderr || message).trim().slice(0, MAX_SAID);
  }
}

/** A user manager that answers, else launchd, else a crontab that this user may have. */
export async function findTimerKind(platform: string): Promise<"systemd" | "launchd" | "cron" | null> {
  if (platform === "darwin") return "launchd";
  if (platform === "win32") return null;
  if ((await runQuietly(["systemctl", "--user", "show-environment"])) === null) return "systemd";
  const said = await runQuietly(["crontab", "-l"]);
  return said === null || /no crontab/i.test(said) ? "cron" : null;
}

/** The words that start this very tetherdock, with absolute paths. */
export function ownProgram(): readonly string[] {
  return isSea() ? [process.execPath] : [process.execPath, resolve(process.argv[1] ?? "")];
}

/** launchd's domain of this user. */
export const launchdDomain = (): string => `gui/${userInfo().uid}`;

/** @returns empty: there is none */
export async function readCrontab(): Promise<string> {
  try {
    return (await execute("crontab", ["-l"], { timeout: TIME_MS })).stdout;
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    if (/no crontab/i.test(stderr)) return "";
    throw crontabFailed("read", stderr || (error as Error).message);
  }
}

function crontabFailed(what: string, why: string): TetherdockError {
  return new TetherdockError("RENEW_TIMER_FAILED", `cannot ${what} the crontab`, {
    why: [why.trim().slice(0, MAX_SAID)],
    hints: ["run crontab -l and crontab -e yourself"],
  });
}

/** An empty one is removed: there was none before us. */
export async function writeCrontab(content: string): Promise<void> {
  const args = content === "" ? ["-r"] : ["-"];
  const running = execute("crontab", args, { timeout: TIME_MS });
  running.child.stdin?.on("error", () => {}).end(content);
  await running.catch((error: Error & { readonly stderr?: string }) => {
    const said = error.stderr || error.message;
    if (!/no crontab/i.test(said)) throw crontabFailed("write", said);
  });
}
