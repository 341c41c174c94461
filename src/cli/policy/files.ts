/** `tetherdock policy check` and `apply`: role files. */
import { applyFiles, checkFiles } from "../../app/policy/index.ts";
import type { Context } from "../context.ts";
import type { CheckFlags, ListFlags } from "./flags.ts";
import { filePorts, policyPorts } from "./ports.ts";

export async function policyCheck(this: Context, { json }: CheckFlags, ...paths: string[]): Promise<void> {
  const checked = await checkFiles(filePorts, paths);
  const roles = checked.map(({ path, own: { file } }) => ({
    file: path,
    name: file.name,
    extends: file.extends,
  }));
  if (json) this.stdout.json(roles);
  else
    this.stdout.lines(
      roles.map((role) => `${role.file}: ${role.name}, which extends ${role.extends}, is valid`),
    );
}

export async function policyApply(
  this: Context,
  { line, json }: ListFlags,
  ...paths: string[]
): Promise<void> {
  const applied = await applyFiles(policyPorts(this), line, paths);
  if (json) this.stdout.json(applied);
  else this.stdout.lines(applied.map(({ name, change }) => `${name}: ${change}`));
}
