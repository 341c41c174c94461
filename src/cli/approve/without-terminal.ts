/** How to approve where nobody can be asked. */
import { lineOption } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import type { ApproveFlags } from "./flags.ts";

/** @param name of the client */
export function withoutTerminal(
  { line, request }: Pick<ApproveFlags, "line" | "request">,
  name: string,
): string {
  const file = request === undefined ? [] : ["--request", request];
  const approve = shellJoin(["tetherdock", "client", "approve", name, ...file, ...lineOption(line)]);
  return `${approve} --fingerprint HEX   # as tetherdock join has printed it there; --yes does not compare it`;
}
