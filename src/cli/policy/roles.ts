/** `tetherdock policy ls`, `show` and `rm`: the roles of a line's gateway. */
import { stringify } from "yaml";
import { removeRole } from "../../app/policy/index.ts";
import { type ListedRole, listRoles, showRole } from "../../app/roles/index.ts";
import { visible } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import type { LineFlags, ListFlags } from "./flags.ts";
import { policyPorts } from "./ports.ts";

const described = ({ description, fleet }: ListedRole): string =>
  fleet ? [description, "(of the fleet)"].filter((one) => one !== "").join(" ") : description;

export async function policyLs(this: Context, { json, line }: ListFlags): Promise<void> {
  const roles = await listRoles(policyPorts(this), line);
  if (json) {
    this.stdout.json(roles);
    return;
  }
  const rows = roles.map((role) => [
    ...[role.name, role.extends ?? "-", `${role.clients.length}`, described(role)],
  ]);
  this.stdout.lines(
    renderTable(["ROLE", "EXTENDS", "CLIENTS", "DESCRIPTION"], rows, tableWidth(this.terminal)),
  );
}

export async function policyShow(this: Context, { json, line }: ListFlags, name: string): Promise<void> {
  const { source } = await showRole(policyPorts(this), line, name);
  if (json) this.stdout.json(source);
  else this.stdout.lines(stringify(source).trimEnd().split("\n").map(visible));
}

export async function policyRm(this: Context, { line }: LineFlags, name: string): Promise<void> {
  await removeRole(policyPorts(this), line, name);
  this.stdout.line(name);
}
