/** Turns the exit of a script on the host into an error that the user can act on. */
import { Foreign, quoteForeign, TetherdockError } from "../../base/index.ts";
import type { ScriptResult } from "../../facts/index.ts";
import { ALREADY_UNDONE, CHANGED_SINCE, LIST_LOCKED, TAKEN } from "../journal/transaction.ts";
import type { Step } from "./step.ts";

/** systemd's messages for each attempt; after three attempts the last lines have nothing else. */
const REFRAIN =
  /^(?:Starting|Stopping|Stopped|Failed to start) .*\.service\b|^\S+\.service: (?:Scheduled restart job|Start request repeated|Failed with result|Deactivated)/;

/** The service's own last messages. */
function lastWords(stderr: Foreign): string[] {
  const lines = stderr.raw.split("\n").map((line) => line.trim());
  const words = new Foreign(lines.filter((line) => !REFRAIN.test(line)).join("\n")).lastLines(6);
  return words.length > 0 ? words : stderr.lastLines(6);
}

/** @param step the failed one */
export function stepFailure(
  { id, title }: Pick<Step, "id" | "title">,
  { status, stdout, stderr }: ScriptResult,
): TetherdockError {
  const why = stderr.lastLines(4);
  if (status === TAKEN)
    return new TetherdockError("HOST_BUSY", "another tetherdock is changing this host right now", {
      why,
      hints: ["wait until it is done, then run this again"],
    });
  if (status === CHANGED_SINCE)
    return new TetherdockError(
      "HOST_CHANGED_SINCE",
      `${quoteForeign(stdout.trim())} on the host has changed since the plan was made`,
      {
        why: ["somebody changed it after the plan was shown"],
        hints: ["run this again to make a new plan"],
      },
    );
  if (status === LIST_LOCKED)
    return new TetherdockError("HOST_BUSY", "the client list on the host is locked", {
      why,
      hints: ["lslocks --output COMMAND,PID,PATH   # on the host: who holds which locks", "run this again"],
    });
  if (status === ALREADY_UNDONE)
    return new TetherdockError("CONFIRM_TOO_LATE", "the host undid the change before it was confirmed");
  if (/No space left on device/i.test(stderr.raw))
    return new TetherdockError("HOST_DISK_FULL", `the host's disk is full: cannot ${title}`, {
      why,
      hints: ["df -h /etc /var/lib", "docker system df"],
    });
  if (/Read-only file system/i.test(stderr.raw))
    return new TetherdockError("HOST_READ_ONLY", `the host's file system is read-only: cannot ${title}`, {
      why,
    });
  if (id === "start-gateway" || id === "restart-gateway")
    return new TetherdockError("GATEWAY_START_FAILED", "the gateway did not start on the host", {
      why: lastWords(stderr),
      hints: ["journalctl -u tetherdock-gateway.service -n 50   # on the host"],
    });
  if (id === "restart-docker")
    return new TetherdockError("DOCKER_START_FAILED", "docker did not start with the new settings", {
      why: lastWords(stderr),
      hints: ["journalctl -u docker.service -n 50   # on the host"],
    });
  return new TetherdockError("HOST_STEP_FAILED", `cannot ${title} on the host`, { why, details: { status } });
}
