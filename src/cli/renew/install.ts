/** `renew --install` and `--uninstall`. */
import { installTimer, uninstallTimer } from "../../app/renew/index.ts";
import { DAY_MS, formatDuration, TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { timerPorts } from "./timer-ports.ts";

const LIFE_MS = 7 * DAY_MS;
/** The timer runs every six hours, and a third of the life must be left for a laptop that sleeps. */
const SHORTEST_MS = DAY_MS;
const LONGEST_MS = 397 * DAY_MS;

export async function install(context: Context, life: number | undefined): Promise<void> {
  const lifeMs = life ?? LIFE_MS;
  if (lifeMs < SHORTEST_MS || lifeMs > LONGEST_MS)
    throw new TetherdockError("USAGE", "--life must be from 1d to 397d", {
      hints: ["tetherdock renew --install --life 7d"],
    });
  const { kind, files } = await installTimer(timerPorts(context), lifeMs);
  for (const { path, text } of files) {
    context.stderr.line(`wrote ${path}:`);
    context.stderr.lines(
      text
        .trimEnd()
        .split("\n")
        .map((line) => `  ${line}`),
    );
  }
  if (kind === "systemd")
    context.stderr.line("to renew also while you are logged out: loginctl enable-linger");
  context.stderr.line(`certificates from gateways are valid for ${formatDuration(lifeMs)} from now on`);
}

export async function uninstall(context: Context): Promise<void> {
  const done = await uninstallTimer(timerPorts(context));
  if (done === null) {
    context.stderr.line("nothing is installed");
    return;
  }
  for (const path of done.removed) context.stderr.line(`removed ${path}`);
  for (const path of done.left) context.stderr.line(`left ${path}: it was changed since it was written`);
  context.stderr.line("for certificates of the usual life again: tetherdock renew --all --force");
}
