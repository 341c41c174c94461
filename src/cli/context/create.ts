/** `tetherdock context create`. */

import { createContext } from "../../app/contexts/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";
import { renewInPassing } from "../renewing/in-passing.ts";
import type { CreateFlags } from "./flags.ts";

/** Writes the context; a second run brings it up to date. */
export async function contextCreate(this: Context, flags: CreateFlags, line?: string): Promise<void> {
  const chosen = await pickLine(this, line);
  await renewInPassing(this, chosen);
  const { name, override, warning } = await createContext(this, { ...flags, line: chosen });
  this.stdout.line(`${name}`);
  warn(this, warning);
  if (!flags.use) {
    this.stderr.line(`to use it: docker --context ${name} ps, or docker context use ${name}`);
    return;
  }
  this.stderr.line(
    override
      ? `"${name}" is the current docker context, but $${override.variable} is set and overrides it: unset ${override.variable}`
      : `"${name}" is the current docker context`,
  );
}
