/** Turns the arguments into the host to undo and the line that was named. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { parseDestination } from "../../host/index.ts";
import { type Line, wayTo } from "../../line/index.ts";
import { pickLine, readableLines } from "../lines/index.ts";
import type { DownPorts } from "./ports.ts";
import type { DownRequest } from "./request.ts";

/** Where to undo, and the line here that was named, if one was. */
export interface DownTarget {
  /** The ssh destination; null for this machine. */
  readonly target: string | null;
  readonly line: Line | null;
  /** What `tetherdock down` takes to mean the same: for hints. */
  readonly words: readonly string[];
}

type Ports = Pick<DownPorts, "lines" | "env">;

/** A word that is not a line may be a host: what another laptop set up there is undone by its destination. */
async function pickForDown(ports: Ports, argument: string | undefined): Promise<string> {
  try {
    return await pickLine(ports, argument);
  } catch (error) {
    if (argument === undefined || !(error instanceof TetherdockError)) throw error;
    throw error.with({
      hints: [`${shellJoin(["tetherdock", "down", `ssh://${argument}`])}   # if that is a host`],
    });
  }
}

async function lineTo(ports: Ports, target: string | null): Promise<Line> {
  const line = (await readableLines(ports)).find((one) => wayTo(one) === target);
  if (line) return line;
  throw new TetherdockError("LINE_UNKNOWN", `there is no line to ${target ?? "this machine"} here`, {
    hints: ["tetherdock ls"],
  });
}

async function find(
  ports: Ports,
  { argument, local, forget }: Pick<DownRequest, "argument" | "local" | "forget">,
): Promise<DownTarget> {
  if (local && argument !== undefined)
    throw new TetherdockError("USAGE", "--local takes no line and no host", {
      hints: ["tetherdock down --local", shellJoin(["tetherdock", "down", argument])],
    });
  const typed = local ? null : argument;
  if (typed === undefined || (typed !== null && !/[@:.]/.test(typed))) {
    const line = await ports.lines.read(await pickForDown(ports, argument));
    return { target: line.target, line, words: [line.name] };
  }
  const target = typed === null ? null : parseDestination(typed).text;
  const words = [target ?? "--local"];
  return { target, line: forget ? await lineTo(ports, target) : null, words };
}

/** Before ssh asks for anything: a line that is not there, or another than the one named, is a slip on any host. */
async function requireAccepted({ lines }: Ports, named: Line | null, name: string): Promise<void> {
  if (!(await lines.list()).includes(name))
    throw new TetherdockError("LINE_UNKNOWN", `there is no line "${name}" (--accept-host)`, {
      hints: ["tetherdock ls"],
    });
  if (named && named.name !== name)
    throw new TetherdockError(
      "USAGE",
      `--accept-host names the line "${name}", but you are taking down "${named.name}"`,
      {
        hints: [
          shellJoin(["tetherdock", "down", named.name, "--accept-host", named.name]),
          shellJoin(["tetherdock", "down", name, "--accept-host", name]),
        ],
      },
    );
  await lines.read(name);
}

/**
 * @throws USAGE, LINE_UNKNOWN, LINE_NONE, LINE_AMBIGUOUS, LINE_BROKEN
 */
export async function findTarget(ports: Ports, request: DownRequest): Promise<DownTarget> {
  const found = await find(ports, request);
  if (request.acceptHost !== undefined) await requireAccepted(ports, found.line, request.acceptHost);
  return found;
}
