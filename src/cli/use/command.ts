/** `tetherdock use`: the line that is meant when none is named. */
import { chooseLine } from "../../line/index.ts";
import type { Context } from "../context.ts";

/** Options of `use`. */
export interface UseFlags {
  readonly unset: boolean;
}

/** Sets, removes or prints the default line. @throws LINE_UNKNOWN */
export async function use(this: Context, flags: UseFlags, argument?: string): Promise<void> {
  if (flags.unset) return this.lines.prefer(undefined);
  if (argument === undefined) {
    const preferred = await this.lines.preferred();
    if (preferred === undefined) this.stderr.line("no default line; to set one: tetherdock use LINE");
    else this.stdout.line(preferred);
    return;
  }
  const names = await this.lines.list();
  await this.lines.prefer(chooseLine({ argument, variable: undefined, preferred: undefined, names }));
}
