/** What a killed `up` left on this laptop: the line that it was making, whole or in part. */
import { dirname } from "node:path";
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { type Line, parseLine, wayTo } from "../../../line/index.ts";
import type { LinePorts } from "../../lines/index.ts";
import { retyped, type UpRequest } from "../request.ts";

type Lines = Pick<LinePorts, "lines">;

/** The line that is pending under a name; null: none, or one that was cut off before the host was touched. */
export async function pendingLineOf(ports: Lines, name: string): Promise<Line | null> {
  const text = (await ports.lines.pending(name))?.["line.json"];
  try {
    return text === undefined ? null : parseLine(text, `the pending line ${name}`);
  } catch {
    return null;
  }
}

/** The host has proven that it confirmed a line whose laptop half was still pending: it is whole, so it is kept. */
export async function adoptPending(ports: Lines, name: string): Promise<void> {
  if (!(await ports.lines.list()).includes(name)) await ports.lines.commit(name);
}

/** @throws LINE_PENDING when a line of this name is being made for another host */
export async function requireNotPending(
  ports: Lines,
  name: string,
  target: string | null,
  request: UpRequest,
): Promise<void> {
  const left = await pendingLineOf(ports, name);
  if (!left || wayTo(left) === target) return;
  const whose = left.joined ? "an invitation" : (left.target ?? "this machine");
  const again = left.joined
    ? ["tetherdock", "join", "--name", name]
    : ["tetherdock", "up", left.target ?? "--local", "--name", name];
  throw new TetherdockError("LINE_PENDING", `a line "${name}" is already being set up`, {
    why: [`${dirname(ports.lines.pendingCertPath(name))} is there, for ${whose}`],
    hints: [
      `${shellJoin(again)}   # to finish what was started`,
      `${retyped(request, { name: `${name.slice(0, 61)}-2` })}   # to use another name`,
    ],
  });
}

/**
 * Clears what a killed `up` to the same host left; another host's stays, and staging will say so. Only for who has the
 * host's journal open: what an `up` that runs has staged looks the same.
 */
export async function discardPending(ports: Lines, name: string, target: string | null): Promise<void> {
  const pending = await ports.lines.pending(name);
  if (!pending) return;
  const left = await pendingLineOf(ports, name);
  if (!left || wayTo(left) === target) await ports.lines.discard(name);
}
