/** What is said of a host that is not followed for now, and when it is again. */
import type { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { warn } from "../output/warn.ts";

export const FOLLOWED_AGAIN = "it answers again, and is followed on";

/** @param host undefined: there is only one */
export function warnStopped(context: Context, error: TetherdockError, host?: string): void {
  warn(context, `${host === undefined ? "" : `${host}: `}${error.message}`);
  for (const hint of error.hints) context.stderr.line(`  try: ${hint}`);
}
