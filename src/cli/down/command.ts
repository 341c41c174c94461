/** `tetherdock down`: the host as it was, the line forgotten. */

import { lookSettled, meetHost, type OpenHost } from "../../app/host/index.ts";
import { readableLines } from "../../app/lines/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type DownPlan,
  describeSides,
  type HostSeen,
  hostNotProvenForDown,
  lineForDown,
  parseDestination,
  planDown,
  requireJournal,
  undoAllScript,
} from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { openHost } from "../host/open-host.ts";
import { pickLine } from "../lines/pick-line.ts";
import { removeContextsOf } from "../lines/remove-contexts.ts";
import { createStyle } from "../output/style.ts";
import { upPorts } from "../up/ports.ts";
import type { DownFlags } from "./down-flags.ts";
import { renderDown } from "./render-down.ts";

const UNDO_TIMEOUT_MS = 180_000;

/** Where to undo, and the line here that was named, if one was. */
interface DownTarget {
  readonly target: string | null;
  readonly line: Line | null;
  /** As typed: for hints. */
  readonly words: readonly string[];
}

/** What there was to undo, and the line here that ends with it. */
interface Undone {
  readonly plan: DownPlan | null;
  readonly line: Line | null;
}

/** A word that is no line may be a host: what another laptop set up there is undone by its destination. */
async function pickForDown(context: Context, argument: string | undefined): Promise<string> {
  try {
    return await pickLine(context, argument);
  } catch (error) {
    if (argument === undefined || !(error instanceof TetherdockError)) throw error;
    throw error.with({
      hints: [`${shellJoin(["tetherdock", "down", `ssh://${argument}`])}   # if that is a host`],
    });
  }
}

async function findTarget(
  context: Context,
  flags: DownFlags,
  argument: string | undefined,
): Promise<DownTarget> {
  if (flags.local && argument !== undefined)
    throw new TetherdockError("USAGE", "--local takes no line and no host", {
      hints: ["tetherdock down --local", shellJoin(["tetherdock", "down", argument])],
    });
  const target = flags.local ? null : argument;
  if (target === undefined || (target !== null && !/[@:.]/.test(target))) {
    const line = await context.lines.read(await pickForDown(context, argument));
    return { target: line.target, line, words: [line.name] };
  }
  if (target !== null) parseDestination(target);
  const words = [target ?? "--local"];
  if (!flags.forget) return { target, line: null, words };
  const line = (await readableLines(context)).find((one) => one.target === target);
  if (line) return { target, line, words };
  throw new TetherdockError("LINE_UNKNOWN", `there is no line to ${target ?? "this machine"} here`, {
    hints: ["tetherdock ls"],
  });
}

function refuse(flags: DownFlags, plan: DownPlan, words: readonly string[]): void {
  if (plan.conflicts.length > 0 && !flags.force)
    throw new TetherdockError("DOWN_CONFLICT", "files were changed on the host after up", {
      why: [...plan.conflicts, "restoring the files from before up would lose these changes"],
      hints: [shellJoin(["tetherdock", "down", ...words, "--force"])],
    });
  if (plan.exposedPorts.length > 0 && flags.yes && !flags.reopen)
    throw new TetherdockError("DOWN_EXPOSES", "down would open the Docker API to everybody again", {
      why: [
        `before up it was served without TLS on TCP ${plan.exposedPorts.join(", ")}: anybody who can reach it is root`,
        "nothing was changed",
      ],
      hints: [shellJoin(["tetherdock", "down", ...words, "--yes", "--reopen"])],
    });
}

/** What goes with the host: the line it has proven to be, the one the user answers for, or none. */
async function chooseLine(
  context: Context,
  flags: DownFlags,
  seen: HostSeen,
  { line: named }: DownTarget,
): Promise<Line | null> {
  const lines = await readableLines(context);
  const choice = lineForDown(lines, seen, { named, acceptHost: flags.acceptHost });
  if (choice.kind === "forget") return choice.line;
  if (choice.kind === "keep") {
    const { name } = choice.line;
    context.stderr.line(
      `the host does not prove that it is the host of ${name}: the line ${name} is kept (to delete it: tetherdock down ${name} --forget)`,
    );
    return null;
  }
  const { line } = choice;
  if (flags.yes || flags.json || !context.terminal.stdin || !context.terminal.stderr)
    throw hostNotProvenForDown(line, seen);
  for (const text of describeSides(line, seen)) context.stderr.line(`! ${text}`);
  if (await context.prompts.confirm(`Undo this host, and forget "${line.name}" with its CA and keys?`))
    return line;
  throw hostNotProvenForDown(line, seen);
}

async function undo(context: Context, flags: DownFlags, host: OpenHost, found: DownTarget): Promise<Undone> {
  const ports = upPorts(context, flags);
  const facts = await lookSettled(ports, host.shell);
  const seen = await meetHost(ports.random, host, found.target, facts, await readableLines(context));
  const line = await chooseLine(context, flags, seen, found);
  requireJournal(facts, line?.name);
  const plan = planDown(facts);
  if (!plan) {
    context.stderr.line("there is nothing from tetherdock on the host: nothing to undo");
    return { plan, line };
  }
  // A plan that was asked for is the answer; else it is what is told on the way.
  const shown = flags.dryRun && !flags.json ? "stdout" : "stderr";
  context[shown].lines(renderDown(plan, found.target, createStyle(context.terminal.colour[shown])));
  if (flags.dryRun) return { plan, line };
  const accept = flags.acceptHost === undefined ? [] : ["--accept-host", flags.acceptHost];
  refuse(flags, plan, [...found.words, ...accept]);
  if (!flags.yes && !(await context.prompts.confirm("Undo this?")))
    throw new TetherdockError("INTERRUPTED", "nothing was changed");
  const { status, stderr } = await host.shell.run(undoAllScript(plan.numbers), UNDO_TIMEOUT_MS);
  if (status === 0) return { plan, line };
  throw new TetherdockError("HOST_UNDO_FAILED", "not everything could be restored", {
    why: stderr.lastLines(6),
    hints: [
      `journalctl -u docker.service${plan.gateway ? " -u tetherdock-gateway.service" : ""} -n 50   # on the host`,
      "run this again: it continues where it stopped",
      ...(line
        ? [`tetherdock down ${line.name} --accept-host ${line.name}   # if its server key is already gone`]
        : []),
    ],
  });
}

async function forget(context: Context, line: Line): Promise<string[]> {
  const contexts = await removeContextsOf(context, line.id);
  await context.lines.remove(line.name);
  return contexts;
}

async function reach(context: Context, { line: named, target }: DownTarget): Promise<OpenHost> {
  try {
    return await openHost(context, target);
  } catch (error) {
    const line = named ?? (await readableLines(context)).find((one) => one.target === target);
    if (!line || !(error instanceof TetherdockError) || !error.code.startsWith("SSH_")) throw error;
    throw error.with({
      hints: [`tetherdock down ${line.name} --forget   # only if the host no longer exists`],
    });
  }
}

/** Runs `down`. */
export async function down(this: Context, flags: DownFlags, argument?: string): Promise<void> {
  const found = await findTarget(this, flags, argument);
  let { plan, line }: Undone = { plan: null, line: found.line };
  if (!flags.forget) {
    const host = await reach(this, found);
    try {
      ({ plan, line } = await undo(this, flags, host, found));
    } finally {
      await host.shell.close();
    }
  }
  const contexts = line && !flags.dryRun ? await forget(this, line) : [];
  const forgot = flags.dryRun ? null : (line?.name ?? null);
  if (flags.json) this.stdout.json({ undone: flags.dryRun ? null : plan, plan, forgot, contexts });
  else if (forgot) this.stderr.line(`line ${forgot} is down and forgotten`);
  else if (plan && !flags.dryRun) this.stderr.line("the host is as it was before up");
}
