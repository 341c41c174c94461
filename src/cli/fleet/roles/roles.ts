/** `tetherdock fleet role ls`, `show`, `apply` and `rm`: the role files on a fleet's list. */
import { stringify } from "yaml";
import {
  applyFleetRoles,
  listFleetRoles,
  type RoleChange,
  removeFleetRole,
  showFleetRole,
} from "../../../app/fleet/index.ts";
import { visible } from "../../../base/index.ts";
import type { Context } from "../../context.ts";
import { renderTable, tableWidth } from "../../output/render-table.ts";
import { filePorts } from "../../policy/ports.ts";
import { diffLines } from "../../policy/render-diff.ts";
import type { FleetFlags, RoleApplyFlags } from "../flags.ts";
import { fleetPorts } from "../ports.ts";
import { tellHosts } from "../render-fleet.ts";

export async function fleetRoleLs(this: Context, { fleet, json }: FleetFlags): Promise<void> {
  const roles = await listFleetRoles(fleetPorts(this), fleet);
  if (json) {
    this.stdout.json(roles);
    return;
  }
  const rows = roles.map((role) => [
    ...[role.name, role.extends, `${role.clients.length}`, role.description].map(visible),
  ]);
  this.stdout.lines(
    renderTable(["ROLE", "EXTENDS", "CLIENTS", "DESCRIPTION"], rows, tableWidth(this.terminal)),
  );
}

export async function fleetRoleShow(this: Context, { fleet, json }: FleetFlags, name: string): Promise<void> {
  const source = await showFleetRole(fleetPorts(this), fleet, name);
  if (json) this.stdout.json(source);
  else this.stdout.lines(stringify(source).trimEnd().split("\n").map(visible));
}

function linesOf({ name, diff }: RoleChange): string[] {
  if (diff === null) return [`${name}: this version of tetherdock cannot read the role before`];
  const lines = diffLines(diff);
  return lines.length === 0
    ? [`${name}: no operation, limit or bind changes`]
    : [`${name}:`, ...lines.map((one) => `  ${one}`)];
}

async function agree(context: Context, yes: boolean, changes: readonly RoleChange[]): Promise<boolean> {
  context.stderr.lines(changes.flatMap(linesOf));
  if (yes) return true;
  return context.prompts.confirm("Replace this on every host?");
}

export async function fleetRoleApply(
  this: Context,
  flags: RoleApplyFlags,
  ...paths: string[]
): Promise<void> {
  const ports = { ...fleetPorts(this), ...filePorts };
  const { changes, pushed } = await applyFleetRoles(ports, flags.fleet, paths, (replaced) =>
    agree(this, flags.yes, replaced),
  );
  if (changes.length === 0) {
    this.stderr.line("nothing was changed");
    this.setExitStatus(1);
    return;
  }
  this.stderr.lines(changes.map(({ name, change }) => `${name}: ${change}`));
  if (pushed !== null) tellHosts(this, pushed, flags);
}

export async function fleetRoleRm(this: Context, flags: FleetFlags, name: string): Promise<void> {
  tellHosts(this, await removeFleetRole(fleetPorts(this), flags.fleet, name), flags);
}
