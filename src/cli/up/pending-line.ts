/** What an `up` that was killed left on this laptop: the line it was making, or the wreck of it. */
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

/** Clears what a killed `up` to the same host left; another host's stays, and staging will say so. */
export async function discardPending(context: Context, name: string, target: string | null): Promise<void> {
  const pending = await context.lines.pending(name);
  if (!pending) return;
  const left = await pendingId(context, name);
  if (!left || left.target === target) await context.lines.discard(name);
}
