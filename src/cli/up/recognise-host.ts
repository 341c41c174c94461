/** From the host that was met to the line that an `up` is about: by proof, or by the user's own word. */

import { readableLines } from "../../app/lines/index.ts";
import type { HostFacts } from "../../facts/index.ts";
import {
  describeSides,
  type HostSeen,
  hostNotProven,
  type LineChoice,
  lineForHost,
} from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { meetHost } from "./meet-host.ts";
import type { OpenHost } from "./open-host.ts";
import { adoptPending, pendingLineOf, requireNotPending } from "./pending-line.ts";
import type { UpFlags } from "./up-flags.ts";

/** The line, or the name of the one to make; and what was met. */
export interface Recognised {
  readonly before: Line | null;
  readonly name: string;
  readonly seen: HostSeen;
  /** Whether it is the line's host by the user's word alone. */
  readonly byUser: boolean;
  /** Every line of this laptop. */
  readonly lines: readonly Line[];
}

/** A damaged line is in nobody's way but its own. @throws LINE_BROKEN when it has this name */
async function requireReadable({ lines }: Context, readable: readonly Line[], name: string): Promise<void> {
  const isReadable = readable.some((line) => line.name === name);
  if (!isReadable && (await lines.list()).includes(name)) await lines.read(name);
}

/** `--yes` is for the plan: who a host is, no script answers without naming the line. */
async function ask(context: Context, flags: UpFlags, line: Line, seen: HostSeen): Promise<void> {
  if (flags.yes || flags.json || !context.terminal.stdin || !context.terminal.stderr)
    throw hostNotProven(line, seen);
  for (const text of describeSides(line, seen)) context.stderr.line(`! ${text}`);
  const question = `Make this host the host of "${line.name}"? Its old host is then no longer used by this line.`;
  if (!(await context.prompts.confirm(question))) throw hostNotProven(line, seen);
}

async function settle(context: Context, flags: UpFlags, choice: LineChoice, seen: HostSeen) {
  if (choice.kind === "new") return { before: null, name: choice.name, byUser: false };
  if (choice.kind === "ask") await ask(context, flags, choice.line, seen);
  const byUser = choice.kind === "ask" || choice.by === "user";
  return { before: choice.line, name: choice.line.name, byUser };
}

/**
 * @param defaultName of a new line
 * @throws HOST_NOT_PROVEN, HOST_HAS_LINE, LINE_EXISTS, LINE_UNKNOWN, LINE_BROKEN, LINE_PENDING
 */
export async function recogniseHost(
  context: Context,
  flags: UpFlags,
  host: OpenHost,
  { facts, target, defaultName }: { facts: HostFacts; target: string | null; defaultName: string },
): Promise<Recognised> {
  const kept = await readableLines(context);
  const claimed = facts.transactions.findLast(({ state }) => state === "confirmed")?.about?.lineName;
  const pending = claimed === undefined ? null : await pendingLineOf(context, claimed);
  const seen = await meetHost(host, target, facts, pending ? [...kept, pending] : kept);
  if (pending && seen.proven === pending.id) await adoptPending(context, pending.name);
  const lines = await readableLines(context);
  if (claimed !== undefined) await requireReadable(context, lines, claimed);
  const { name, acceptHost } = flags;
  const choice = lineForHost(lines, seen, { name, defaultName, acceptHost });
  if (choice.kind === "new") {
    await requireReadable(context, lines, choice.name);
    await requireNotPending(context, choice.name, target);
  }
  return { ...(await settle(context, flags, choice, seen)), seen, lines };
}
