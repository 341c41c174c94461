/** `tetherdock use`: sets the default line. */
import { chooseDefault } from "../../app/lines/index.ts";
import type { Context } from "../context.ts";
import type { UseFlags } from "./flags.ts";

/** Sets, removes or prints the default line. @throws LINE_UNKNOWN */
export async function use(this: Context, { unset }: UseFlags, argument?: string): Promise<void> {
  if (unset || argument !== undefined) return chooseDefault(this.lines, unset ? undefined : argument);
  const preferred = await this.lines.preferred();
  if (preferred === undefined) this.stderr.line("no default line; to set one: tetherdock use LINE");
  else this.stdout.line(preferred);
}
