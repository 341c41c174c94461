/** The host's part: what its journal undoes, what prevents that, and how it ended. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { HostShell } from "../../facts/index.ts";
import { type DownPlan, undoAllScript } from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import type { DownRequest } from "./request.ts";

const UNDO_TIMEOUT_MS = 180_000;

/** @param words as {@link DownTarget.words} @returns why it is not carried out: DOWN_CONFLICT, DOWN_EXPOSES */
export function refusalOf(
  plan: DownPlan,
  { force, yes, reopen, acceptHost }: DownRequest,
  words: readonly string[],
): TetherdockError | null {
  const accept = acceptHost === undefined ? [] : ["--accept-host", acceptHost];
  const again = (...flags: string[]) => shellJoin(["tetherdock", "down", ...words, ...accept, ...flags]);
  if (plan.conflicts.length > 0 && !force)
    return new TetherdockError("DOWN_CONFLICT", "files were changed on the host after up", {
      why: [...plan.conflicts, "restoring the files from before up would lose these changes"],
      hints: [again(...(yes ? ["--yes"] : []), "--force", ...(reopen ? ["--reopen"] : []))],
    });
  if (plan.exposedPorts.length > 0 && yes && !reopen)
    return new TetherdockError("DOWN_EXPOSES", "down would open the Docker API to everybody again", {
      why: [
        `before up it was served without TLS on TCP ${plan.exposedPorts.join(", ")}: anybody who can reach it is root`,
        "nothing was changed",
      ],
      hints: [again("--yes", ...(force ? ["--force"] : []), "--reopen")],
    });
  return null;
}

/** The same again. Once the host is undone, its server key is gone: then only the user can say that it is the line's. */
function again(words: readonly string[], line: Line | null): string {
  const command = line ? [line.name, "--accept-host", line.name] : words;
  return shellJoin(["tetherdock", "down", ...command]);
}

function failed({ gateway }: DownPlan, why: readonly string[], next: string): TetherdockError {
  return new TetherdockError("HOST_UNDO_FAILED", "not everything could be restored", {
    why,
    hints: [
      `journalctl -u docker.service${gateway ? " -u tetherdock-gateway.service" : ""} -n 50   # on the host`,
      `${next}   # continues where it stopped`,
    ],
  });
}

/**
 * Undoes all of it, in a service of the host's own that goes on without us.
 * @param line the one that will be forgotten
 * @throws HOST_UNDO_FAILED; HOST_CONNECTION_LOST or HOST_TIMEOUT where it is not known how it ended
 */
export async function undoHost(
  shell: HostShell,
  plan: DownPlan,
  words: readonly string[],
  line: Line | null,
): Promise<void> {
  const next = again(words, line);
  const { status, stderr } = await shell
    .run(undoAllScript(plan.numbers), UNDO_TIMEOUT_MS)
    .catch((error: unknown) => {
      if (!(error instanceof TetherdockError)) throw error;
      throw error.with({
        why: [
          "it is not known whether the host was restored; once started, it continues without this connection",
          "nothing was changed on this machine",
        ],
        hints: [`${next}   # checks the host, and continues where it stopped`],
      });
    });
  if (status !== 0) throw failed(plan, stderr.lastLines(6), next);
}
