/** What an `up` that was killed left on this laptop: the line it was making, or the wreck of it. */
import { dirname } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import { type Line, parseLine } from "../../line/index.ts";
import type { Context } from "../context.ts";

/** The line that is pending under a name; null: none, or one that was cut off before the host was touched. */
export async function pendingLineOf(context: Context, name: string): Promise<Line | null> {
  const text = (await context.lines.pending(name))?.["line.json"];
  try {
    return text === undefined ? null : parseLine(text, `the pending line ${name}`);
  } catch {
    return null;
  }
}

/** The host has proven that it confirmed a line whose laptop half was still pending: it is whole, so it is kept. */
export async function adoptPending(context: Context, name: string): Promise<void> {
  if (!(await context.lines.list()).includes(name)) await context.lines.commit(name);
}

/** @throws LINE_PENDING when a line of this name is being made for another host */
export async function requireNotPending(
  context: Context,
  name: string,
  target: string | null,
): Promise<void> {
  const left = await pendingLineOf(context, name);
  if (!left || left.target === target) return;
  throw new TetherdockError("LINE_PENDING", `a line "${name}" is already being set up`, {
    why: [`${dirname(context.lines.pendingCertPath(name))} is there, for ${left.target ?? "this machine"}`],
    hints: [
      `tetherdock up ${left.target ?? "--local"} --name ${name}   # to end what was begun`,
      "give another name with --name",
    ],
  });
}

/**
 * Clears what a killed `up` to the same host left; another host's stays, and staging will say so. Only for who has the
 * host's journal open: what an `up` that runs has staged looks the same.
 */
export async function discardPending(context: Context, name: string, target: string | null): Promise<void> {
  const pending = await context.lines.pending(name);
  if (!pending) return;
  const left = await pendingLineOf(context, name);
  if (!left || left.target === target) await context.lines.discard(name);
}
