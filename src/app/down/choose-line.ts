/** Chooses the line of the host: the one that it has proven, the one that the user confirms, or none. */
import { describeSides, type HostSeen, hostNotProvenForDown, lineForDown } from "../../host/index.ts";
import type { Line } from "../../line/index.ts";
import { readableLines } from "../lines/index.ts";
import type { DownPorts } from "./ports.ts";
import type { DownRequest } from "./request.ts";

/** @throws HOST_HAS_LINE, HOST_NOT_PROVEN */
export async function chooseLine(
  ports: DownPorts,
  { acceptHost, dryRun }: DownRequest,
  seen: HostSeen,
  named: Line | null,
): Promise<Line | null> {
  const choice = lineForDown(await readableLines(ports), seen, { named, acceptHost });
  const { kind, line } = choice;
  if (kind === "keep") {
    ports.report({ kind: "notice", id: "line-kept", line: line.name });
    return null;
  }
  if (kind === "forget") {
    if (line && seen.proven === line.id && acceptHost !== undefined)
      ports.report({ kind: "notice", id: "accept-not-needed", line: line.name });
    return line;
  }
  const question = { line: line.name, sides: describeSides(line, seen) };
  if (dryRun) ports.report({ kind: "notice", id: "would-ask", ...question });
  else if (!(await ports.questions.confirm({ kind: "unproven-host", ...question })))
    throw hostNotProvenForDown(line, seen);
  return line;
}
