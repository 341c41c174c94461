/** `tetherdock client revoke` in native mode: an `up` with a new CA that leaves one client out. */
import { requireCaKey } from "../../app/lines/index.ts";
import { requestOf, up as runUp } from "../../app/up/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { Line } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { createStyle } from "../output/style.ts";
import { showPlan } from "./command.ts";
import { upPorts } from "./ports.ts";
import { resultJson, resultLines } from "./report-up.ts";

export interface RevokeOptions {
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

/** @throws LINE_JOINED, CLIENT_UNKNOWN, NEW_CA_REFUSED, and what `up` throws */
export async function revokeNative(
  context: Context,
  line: Line,
  name: string,
  { dryRun, yes, json }: RevokeOptions,
): Promise<void> {
  const command = shellJoin(["tetherdock", "client", "revoke", name]);
  requireCaKey(line, "can replace its CA, which revokes a client in native mode", `${command}   # there`);
  const request = { ...requestOf(line), newCa: true, revoke: [name], dryRun };
  const result = await runUp(upPorts(context, { yes, json }), request);
  if (result.kind === "planned") return showPlan(context, json, result.prepared);
  if (json) context.stdout.json(resultJson(result));
  else context.stderr.lines(resultLines(result, createStyle(context.terminal.colour.stderr)));
}
