/** `doctor --fix`: what `up` mends is handed to `up`, which shows its plan and asks. Nothing else is ever changed. */
import { DEFAULT_CONFIRM_WITHIN_MS } from "../../app/up/index.ts";
import type { Report } from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { up } from "../up/command.ts";
import type { UpFlags } from "../up/flags.ts";

/** What `up` is asked when the user has given no option. */
export const FIX_FLAGS: UpFlags = {
  name: undefined,
  port: undefined,
  address: undefined,
  san: undefined,
  dropSan: undefined,
  acceptHost: undefined,
  local: false,
  gateway: false,
  native: false,
  replaceTls: false,
  encryptCaKey: false,
  confirmWithin: DEFAULT_CONFIRM_WITHIN_MS,
  yes: false,
  dryRun: false,
  json: false,
};

function count(number: number): string {
  return number === 1 ? "1 finding" : `${number} findings`;
}

/** Findings that `up` mends and others, by the report's checks. */
function split({ results }: Report) {
  const failed = results.filter(({ outcome }) => outcome === "failed");
  const mended = failed.filter(({ check }) => check.fixedByUp === true);
  return { mended: mended.length, left: failed.length - mended.length };
}

/**
 * Hands each host with something to mend to `up`.
 * @throws what `up` throws
 */
export async function fix(context: Context, reports: readonly Report[]): Promise<void> {
  for (const report of reports) {
    const { name, upArgument } = report.subject;
    const { mended, left } = split(report);
    if (left > 0) context.stderr.line(`${name}: ${count(left)} to fix by hand, as shown above`);
    if (mended === 0) continue;
    if (upArgument === undefined) {
      context.stderr.line(`${name}: only an address is known; to fix it: tetherdock up user@host`);
      continue;
    }
    context.stderr.line(`${name}: ${count(mended)} for tetherdock up ${upArgument}`);
    const local = upArgument === "--local";
    await up.call(context, { ...FIX_FLAGS, local }, local ? undefined : upArgument);
  }
}
