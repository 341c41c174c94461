/** `tetherdock agent protect` and `unprotect`. */
import { pickLine } from "../../app/lines/index.ts";
import { protectKey, unprotectKey } from "../../app/protect/index.ts";
import type { Context } from "../context.ts";
import { chooseKeyPassphrase } from "../lines/key-passphrase.ts";
import { warn } from "../output/warn.ts";

export async function agentProtect(this: Context, _flags: unknown, argument?: string): Promise<void> {
  const name = await pickLine(this, argument);
  const { changed, caKeyIsPlain } = await protectKey(this, name, () => chooseKeyPassphrase(this, name));
  this.stdout.line(changed ? `the key of ${name} is encrypted` : `the key of ${name} was encrypted already`);
  if (caKeyIsPlain)
    warn(this, `the CA key of ${name} is here and not encrypted: it makes new keys; keep it elsewhere`);
  if (changed) this.stderr.line(`docker clients need the agent from now on: tetherdock agent start ${name}`);
}

export async function agentUnprotect(this: Context, _flags: unknown, argument?: string): Promise<void> {
  const name = await pickLine(this, argument);
  const changed = await unprotectKey(this, name);
  this.stdout.line(changed ? `the key of ${name} is a plain file` : `the key of ${name} was not encrypted`);
}
