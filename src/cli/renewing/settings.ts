/** What `renew --install` has set, in `renew.json` beside the lines. */
import { join } from "node:path";
import { parseSettings, type RenewSettings } from "../../app/renew/index.ts";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { tetherdockHome } from "../../line/index.ts";
import { readIfThere } from "../../system/files/file-error.ts";
import type { Context } from "../context.ts";

export const settingsPath = (context: Context): string => join(tetherdockHome(context), "renew.json");

/** @returns null: no timer is installed @throws FILE_FAILED, RENEW_TIMER_FAILED */
export async function readRenewSettings(context: Context): Promise<RenewSettings | null> {
  const path = settingsPath(context);
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const read = parseSettings(text);
  if ("value" in read) return read.value;
  throw new TetherdockError("RENEW_TIMER_FAILED", `cannot read ${path}`, {
    why: read.problems,
    hints: [shellJoin(["mv", path, `${path}.old`])],
  });
}
