/** `tetherdock up`: from a host with docker to a line that is proven. */

import { failuresOf, requireProven } from "../../app/up/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { isEmpty, type Plan, parseDestination, planLine, untried } from "../../host/index.ts";
import { normaliseNames } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import { changeHost, keepLine, type Outcome, withHost } from "../up/change-host.ts";
import { type OpenHost, openHost } from "../up/open-host.ts";
import { type Prepared, prepare, type UpTarget } from "../up/prepare.ts";
import { proveLine } from "../up/prove-line.ts";
import { renderPlan } from "../up/render-plan.ts";
import { reportUp } from "../up/report-up.ts";
import type { UpFlags } from "../up/up-flags.ts";

function targetOf(flags: UpFlags, destination: string | undefined): UpTarget {
  if (flags.local !== (destination === undefined))
    throw new TetherdockError("USAGE", flags.local ? "--local takes no host" : "which host?", {
      hints: ["tetherdock up user@host", "tetherdock up --local"],
    });
  if (flags.gateway && flags.native)
    throw new TetherdockError("USAGE", "--gateway and --native are two different modes", {
      hints: ["tetherdock up … --gateway", "tetherdock up … --native"],
    });
  return destination === undefined ? null : parseDestination(destination);
}

/** Before ssh asks for anything: what is mistyped is mistyped on any host. @throws NAME_INVALID */
function checkNames({ address, san = [], dropSan = [] }: UpFlags): void {
  normaliseNames([...(address === undefined ? [] : [address]), ...san, ...dropSan]);
}

async function confirmPlan(context: Context, flags: UpFlags): Promise<void> {
  if (flags.yes) return;
  if (await context.prompts.confirm("Carry this out?")) return;
  throw new TetherdockError("INTERRUPTED", "nothing was changed");
}

function title({ line, facts, before }: Prepared): string {
  const engine = facts.engine ? `docker ${facts.engine.version}` : "docker is not running";
  const place = line.target ?? "this machine";
  return `${before ? "Line" : "New line"} ${line.name}: ${place}, ${facts.os.name}, ${engine}`;
}

/** Before anything is changed: a host of a kind that nobody has tried may still do, and the user knows why if not. */
function warnUntried({ stderr, terminal }: Context, { facts }: Prepared): void {
  const strange = untried(facts);
  if (strange === null) return;
  stderr.line(`${createStyle(terminal.colour.stderr).yellow("warning:")} ${strange}`);
}

/** Nothing to change by the files: does the engine that runs say the same? If not, it runs with older ones. */
async function proveUnchanged(
  context: Context,
  prepared: Prepared,
  { shell }: OpenHost,
): Promise<Outcome | null> {
  const { identity, names, line, plan } = prepared;
  const { port, mode } = line;
  const { serverKey } = prepared;
  const wanted = {
    identity,
    names,
    serverKey,
    port,
    mode,
    closedPorts: plan.closedPorts,
    now: context.clock(),
  };
  const proofs = await proveLine(wanted);
  const failures = failuresOf(proofs);
  if (failures.some(({ state }) => state === "broken" || state === "exposed")) return null;
  await requireProven(shell, proofs);
  const kept = withHost(line, serverKey, proofs);
  await keepLine(context, { ...prepared, line: kept });
  return { proofs, restartMs: null, line: kept };
}

function planRestart({ facts, survey, wish }: Prepared): Plan {
  return planLine(facts, survey, { ...wish, forceRestart: true });
}

async function carryOut(context: Context, flags: UpFlags, prepared: Prepared, plan: Plan, host: OpenHost) {
  context.stderr.lines(renderPlan(plan, title(prepared), createStyle(context.terminal.colour.stderr)));
  await confirmPlan(context, flags);
  return changeHost(context, prepared, plan, host.shell, flags.confirmWithin);
}

/** Runs `up`. */
export async function up(this: Context, flags: UpFlags, destination?: string): Promise<void> {
  const startedAt = this.clock();
  const target = targetOf(flags, destination);
  checkNames(flags);
  const host = await openHost(this, target?.text ?? null);
  try {
    const prepared = await prepare(this, flags, target, host);
    const { plan } = prepared;
    warnUntried(this, prepared);
    if (flags.dryRun) {
      const shown = isEmpty(plan)
        ? [title(prepared), "nothing to do"]
        : renderPlan(plan, title(prepared), createStyle(this.terminal.colour.stdout));
      if (flags.json) this.stdout.json({ line: prepared.line, plan });
      else this.stdout.lines(shown);
      return;
    }
    const same = isEmpty(plan) ? await proveUnchanged(this, prepared, host) : null;
    const outcome =
      same ?? (await carryOut(this, flags, prepared, isEmpty(plan) ? planRestart(prepared) : plan, host));
    reportUp(this, { flags, prepared, outcome, changed: same === null, tookMs: this.clock() - startedAt });
  } finally {
    await host.shell.close();
  }
}
