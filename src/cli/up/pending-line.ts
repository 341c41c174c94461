/** What an `up` that was killed left on this laptop: the line it was making, or the wreck of it. */
import { dirname } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import type { TransactionAbout } from "../../facts/index.ts";
import { parseLine } from "../../line/index.ts";
import type { Context } from "../context.ts";

async function pendingId(
  context: Context,
  name: string,
): Promise<{ id: string; target: string | null } | null> {
  const text = (await context.lines.pending(name))?.["line.json"];
  try {
    return text === undefined ? null : parseLine(text, `the pending line ${name}`);
  } catch {
    return null; // cut off while it was written: the host was not touched yet
  }
}

/**
 * The host confirmed a line whose laptop half was still pending: it is whole, so it is kept.
 * @param about the line on the host
 */
export async function adoptPending(context: Context, about: TransactionAbout | null): Promise<void> {
  if (!about || (await context.lines.list()).includes(about.lineName)) return;
  if ((await pendingId(context, about.lineName))?.id === about.lineId)
    await context.lines.commit(about.lineName);
}

/** @throws LINE_PENDING when a line of this name is being made for another host */
export async function requireNotPending(
  context: Context,
  name: string,
  target: string | null,
): Promise<void> {
  const left = await pendingId(context, name);
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
  const left = await pendingId(context, name);
  if (!left || left.target === target) await context.lines.discard(name);
}
