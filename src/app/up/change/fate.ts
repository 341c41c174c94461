/** Adds to an error what is known about the host: whether it is as before, or what will undo the change. */
import { TetherdockError } from "../../../base/index.ts";
import type { HostFacts } from "../../../facts/index.ts";
import { MAX_CONFIRM_WITHIN_MS, retyped, type UpRequest } from "../request.ts";

/**
 * `undone`: the host said so. `confirmed?`: it was asked to confirm, and the answer is lost. `pending`: it was not asked,
 * and its own timer undoes the change. `confirmed`: only the laptop's half failed; there is nothing to undo.
 */
export type Fate = "undone" | "confirmed?" | "pending" | "confirmed";

/** Docker may have failed to start before us for the same reason. */
export function withHistory(error: unknown, facts: HostFacts): unknown {
  if (!(error instanceof TetherdockError) || error.code !== "DOCKER_START_FAILED") return error;
  return facts.service.active ? error : error.with({ why: ["docker was not running before, either"] });
}

/** The host's time ran out: suggest the same command with twice the time. */
export function withMoreTime(error: unknown, request: UpRequest): unknown {
  if (!(error instanceof TetherdockError) || error.code !== "CONFIRM_TOO_LATE") return error;
  const confirmWithin = Math.min(2 * request.confirmWithin, MAX_CONFIRM_WITHIN_MS);
  return error.with({ hints: [retyped(request, { confirmWithin })] });
}

/** @param withinMs after which the host undoes what is not confirmed */
export function withFate(error: unknown, fate: Fate, withinMs: number): unknown {
  if (!(error instanceof TetherdockError)) return error;
  const within = `within ${Math.ceil(withinMs / 1000)} s`;
  const told = {
    undone: "the host was restored",
    "confirmed?": `it is not known whether the host confirmed the change or will undo it ${within}`,
    pending: `the host undoes the change ${within}, unless it already has`,
    confirmed:
      "the host keeps the change, but this machine did not save its part: run the same command again",
  }[fate];
  return error.with({ why: [told], details: { undone: fate === "undone" } });
}
