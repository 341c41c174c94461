/** `tetherdock policy explain`, `test` and `diff`: what a role would do, without an engine. */
import {
  compareRoles,
  type Explained,
  explainCommand,
  findRole,
  type OperationChange,
  runCases,
} from "../../app/policy/index.ts";
import { visible } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { CheckFlags, ExplainFlags } from "./flags.ts";
import { filePorts, policyPorts } from "./ports.ts";

function rowOf({ operation, method, target, allowed, rule }: Explained): string[] {
  return [operation ?? `${method} ${target}`, allowed ? "allowed" : "refused", rule];
}

/** Exit status 1 if a request would be refused. */
export async function policyExplain(this: Context, flags: ExplainFlags, ...command: string[]): Promise<void> {
  const ports = policyPorts(this);
  const role = await findRole(ports, flags.line, flags.role);
  const explained = await explainCommand(ports, role, command);
  if (explained.some(({ allowed }) => !allowed)) this.setExitStatus(1);
  if (flags.json) {
    this.stdout.json(explained);
    return;
  }
  this.stdout.lines(renderTable(["OPERATION", "", "RULE"], explained.map(rowOf), tableWidth(this.terminal)));
  for (const { reason } of explained) if (reason !== null) this.stdout.line(reason);
}

/** Exit status 1 if a case does not pass. */
export async function policyTest(this: Context, { json }: CheckFlags, path: string): Promise<void> {
  const ports = policyPorts(this);
  const results = await runCases(ports, path, (text) => findRole(ports, undefined, text));
  const failed = results.filter(({ passed }) => !passed);
  if (failed.length > 0) this.setExitStatus(1);
  if (json) {
    this.stdout.json(results);
    return;
  }
  for (const { name, why } of failed) this.stdout.lines([`failed: ${name}`, `  ${why}`]);
  this.stdout.line(`${results.length - failed.length} of ${results.length} cases passed`);
}

function lineOf(word: string, { operation, before, after }: OperationChange): string {
  return `${word} ${operation}: ${before}, then ${after}`;
}

/** Exit status 1 if the roles differ. */
export async function policyDiff(
  this: Context,
  { json }: CheckFlags,
  before: string,
  after: string,
): Promise<void> {
  const diff = await compareRoles(filePorts, before, after);
  const { opens, closes, limits } = diff;
  if (opens.length + closes.length + limits.length > 0) this.setExitStatus(1);
  if (json) {
    this.stdout.json(diff);
    return;
  }
  const shown = (value: unknown) => (value === null ? "none" : visible(JSON.stringify(value)));
  this.stdout.lines([
    ...opens.map((change) => lineOf("opens", change)),
    ...closes.map((change) => lineOf("closes", change)),
    ...limits.map((change) => `limit ${change.limit}: ${shown(change.before)}, then ${shown(change.after)}`),
  ]);
}
