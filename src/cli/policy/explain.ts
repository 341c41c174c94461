/** `tetherdock policy explain`, `test` and `diff`: what a role would do, without an engine. */
import {
  compareRoles,
  type Explained,
  explainCommand,
  findRole,
  type Replayed,
  readRecorded,
  replay,
  roleOfClient,
  runCases,
} from "../../app/policy/index.ts";
import { quoteForeign, shellJoin, TetherdockError, visible } from "../../base/index.ts";
import type { Role } from "../../policy/index.ts";
import type { Context } from "../context.ts";
import { sinceOrLastWeek } from "../flags/parse-since.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { CheckFlags, DiffFlags, ExplainFlags } from "./flags.ts";
import { policyPorts } from "./ports.ts";
import { diffLines } from "./render-diff.ts";

function rowOf({ operation, method, target, allowed, rule }: Explained): string[] {
  return [operation ?? `${method} ${target}`, allowed ? "allowed" : "refused", rule];
}

/** @throws USAGE unless either a role or a client is named */
async function roleMeant(
  context: Context,
  { line, role, client }: ExplainFlags,
  command: string[],
): Promise<Role> {
  const ports = policyPorts(context);
  if (role !== undefined && client === undefined) return findRole(ports, line, role);
  if (role !== undefined || client === undefined)
    throw new TetherdockError("USAGE", "policy explain needs either --role or --client", {
      hints: [
        shellJoin(["tetherdock", "policy", "explain", "--role", "ROLE", "--", ...command]),
        shellJoin(["tetherdock", "policy", "explain", "--client", "NAME", "--", ...command]),
      ],
    });
  const found = await roleOfClient(ports, line, client, command);
  context.stderr.line(`${quoteForeign(client)} has the role ${quoteForeign(found.name)}`);
  return found.role;
}

/** Exit status 1 if a request would be refused. */
export async function policyExplain(this: Context, flags: ExplainFlags, ...command: string[]): Promise<void> {
  const ports = policyPorts(this);
  const role = await roleMeant(this, flags, command);
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

/** What the second role would have refused of what a client did. */
async function recordedDiff(
  context: Context,
  flags: DiffFlags,
  client: string,
  after: string,
): Promise<Replayed> {
  const ports = policyPorts(context);
  const since = sinceOrLastWeek(flags.since, context.clock);
  const recorded = await readRecorded(ports, { line: flags.line, client, since, until: undefined });
  return replay(recorded, await findRole(ports, flags.line, after));
}

function recordedLines(client: string, after: string, { requests, byBody, refused }: Replayed): string[] {
  const count = refused.reduce((sum, one) => sum + one.count, 0);
  return [
    `${after} would refuse ${count} of ${requests} recorded requests of ${quoteForeign(client)}; ${byBody} depend on their body, which is not recorded`,
    ...refused.map((one) => `  ${one.count} ${one.operation}: ${visible(one.reason)}`),
  ];
}

/** Exit status 1 if the roles differ. */
export async function policyDiff(
  this: Context,
  flags: DiffFlags,
  before: string,
  after: string,
): Promise<void> {
  const { json } = flags;
  const diff = await compareRoles(policyPorts(this), flags.line, before, after);
  const { opens, closes, limits, binds } = diff;
  if (opens.length + closes.length + limits.length > 0 || binds !== null) this.setExitStatus(1);
  const recorded =
    flags.recorded === undefined ? null : await recordedDiff(this, flags, flags.recorded, after);
  if (json) {
    this.stdout.json(recorded === null ? diff : { ...diff, recorded });
    return;
  }
  this.stdout.lines([
    ...diffLines(diff),
    ...(recorded === null ? [] : recordedLines(flags.recorded ?? "", after, recorded)),
  ]);
}
