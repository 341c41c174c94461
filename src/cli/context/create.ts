/** `tetherdock context create`. */

import { pickLine, readableLines, writeLineContext } from "../../app/lines/index.ts";
import { assertReplaceable, parseContextName } from "../../line/index.ts";
import type { Context } from "../context.ts";

/** Options of `context create`. */
export interface ContextCreateFlags {
  readonly name: string | undefined;
  readonly use: boolean;
}

/** Variables by which the docker CLI overrides the current context, the stronger first. */
const OVERRIDES = ["DOCKER_HOST", "DOCKER_CONTEXT"] as const;

/** Writes the context; a second run brings it up to date. */
export async function contextCreate(
  this: Context,
  flags: ContextCreateFlags,
  argument?: string,
): Promise<void> {
  const line = await this.lines.read(await pickLine(this, argument));
  const name = flags.name ?? parseContextName(line.name);
  const store = await this.contexts();
  assertReplaceable(await store.read(name), line, await readableLines(this));
  // Asked before anything is written: a config.json that cannot be read stops us here.
  if (flags.use) await store.current();
  await writeLineContext(this, name, line);
  this.stdout.line(`${name}`);
  if (!flags.use) {
    this.stderr.line(`to use it: docker --context ${name} ps, or docker context use ${name}`);
    return;
  }
  await store.use(name);
  const override = OVERRIDES.find((variable) => this.env[variable] !== undefined);
  this.stderr.line(
    override
      ? `"${name}" is the current docker context, but $${override} is set and wins over it: unset ${override}`
      : `"${name}" is the current docker context`,
  );
}
