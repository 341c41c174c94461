/** `tetherdock upgrade`: runs `up` again on the hosts of existing lines. */
import { upgrade as runUpgrade, type Upgraded, type UpgradePorts } from "../../app/upgrade/index.ts";
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { HeldOutput } from "../many-hosts/held-output.ts";
import { worstStatus } from "../many-hosts/worst-status.ts";
import { reportError } from "../output/report-error.ts";
import { createStyle } from "../output/style.ts";
import { showPlan } from "../up/command.ts";
import { upPorts } from "../up/ports.ts";
import { resultJson, resultLines } from "../up/report-up.ts";
import type { UpgradeFlags } from "./flags.ts";

function toJson(upgraded: Upgraded): object {
  const { name } = upgraded;
  if ("error" in upgraded) return { name, ...upgraded.error.toJSON() };
  const { result } = upgraded;
  if (result.kind === "planned") return { name, line: result.prepared.line, plan: result.prepared.plan };
  return { name, ...resultJson(result) };
}

/** Prints the result of a line at once: the next line may take minutes. */
function tell(context: Context, upgraded: Upgraded): void {
  const style = createStyle(context.terminal.colour.stderr);
  if ("error" in upgraded) context.stderr.lines(reportError(upgraded.error, style).lines);
  else if (upgraded.result.kind === "planned") showPlan(context, false, upgraded.result.prepared);
  else context.stderr.lines(resultLines(upgraded.result, style));
}

/** Of a line that is upgraded beside others: what it says comes as a whole. */
function heldContext(context: Context, held: HeldOutput): Context {
  const terminal = { ...context.terminal, stdin: false, stderr: false };
  return { ...context, stderr: held, terminal };
}

function portsOf(context: Context, flags: UpgradeFlags): UpgradePorts {
  const { stderr, terminal } = context;
  const style = createStyle(terminal.colour.stderr);
  const helds = new Map<string, HeldOutput>();
  const contextOf = (name: string) => {
    if (flags.atOnce === 1) return context;
    const held = new HeldOutput();
    helds.set(name, held);
    return heldContext(context, held);
  };
  return {
    up: (name) => upPorts(contextOf(name), flags, { mayAsk: flags.atOnce === 1 }),
    lines: context.lines,
    env: context.env,
    begin: (name, at, of) => {
      if (of > 1) stderr.line(style.bold(`line ${name} (${at} of ${of})`));
    },
    done: (upgraded) => {
      const held = helds.get(upgraded.name)?.take();
      if (held) stderr.lines([style.bold(`line ${upgraded.name}:`), ...held]);
      if (!flags.json) tell(context, upgraded);
    },
  };
}

function requireNoQuestions({ atOnce, yes, dryRun }: UpgradeFlags): void {
  if (atOnce === 1 || yes || dryRun) return;
  throw new TetherdockError("USAGE", "cannot ask about several plans at once", {
    hints: [
      "tetherdock upgrade --all --dry-run   # shows the plans",
      `tetherdock upgrade --all --yes --at-once ${atOnce}`,
    ],
  });
}

/** Prints the result of each line; the exit status is that of the worst failure. */
export async function upgrade(this: Context, flags: UpgradeFlags, ...names: string[]): Promise<void> {
  requireNoQuestions(flags);
  const results = await runUpgrade(portsOf(this, flags), { ...flags, names });
  if (flags.json) this.stdout.json(results.map(toJson));
  const failed = results.flatMap((one) => ("error" in one ? [one] : []));
  if (failed.length === 0) return;
  this.setExitStatus(worstStatus(failed.map(({ error }) => error.exitStatus)));
  if (results.length > 1 && !flags.json)
    this.stderr.line(`not upgraded: ${failed.map(({ name }) => name).join(", ")}`);
}
