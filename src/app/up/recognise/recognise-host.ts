/** Finds the line that a host belongs to, by proof or by the user's confirmation. */

import type { HostFacts } from "../../../facts/index.ts";
import {
  describeSides,
  type HostSeen,
  hostNotProven,
  type LineChoice,
  lineForHost,
  lineOnHost,
} from "../../../host/index.ts";
import type { Line } from "../../../line/index.ts";
import { meetHost, type OpenHost } from "../../host/index.ts";
import { readableLines } from "../../lines/index.ts";
import type { UpPorts } from "../ports.ts";
import type { UpRequest } from "../request.ts";
import { adoptPending, pendingLineOf, requireNotPending } from "./pending-line.ts";

/** The line, or the name of the one to make; and what was met. */
export interface Recognised {
  readonly before: Line | null;
  readonly name: string;
  readonly seen: HostSeen;
  /** Whether it is the line's host by the user's word alone. */
  readonly byUser: boolean;
  /** Every line of this laptop. */
  readonly lines: readonly Line[];
}

/** A damaged line is an error only if it has this name. @throws LINE_BROKEN when it has this name */
async function requireReadable({ lines }: UpPorts, name: string): Promise<void> {
  if ((await lines.list()).includes(name)) await lines.read(name);
}

/** A dry run asks nothing: what it would plan depends on the answer. */
async function ask({ questions }: UpPorts, line: Line, seen: HostSeen, dryRun: boolean): Promise<void> {
  const question = { kind: "new-host", line: line.name, sides: describeSides(line, seen) } as const;
  if (dryRun || !(await questions.confirm(question))) throw hostNotProven(line, seen);
}

async function settle(ports: UpPorts, choice: LineChoice, seen: HostSeen, dryRun: boolean) {
  if (choice.kind === "new") return { before: null, name: choice.name, byUser: false };
  if (choice.kind === "ask") await ask(ports, choice.line, seen, dryRun);
  const byUser = choice.kind === "ask" || choice.by === "user";
  return { before: choice.line, name: choice.line.name, byUser };
}

/**
 * @param defaultName of a new line
 * @throws HOST_NOT_PROVEN, HOST_HAS_LINE, LINE_EXISTS, LINE_UNKNOWN, LINE_BROKEN, LINE_PENDING
 */
export async function recogniseHost(
  ports: UpPorts,
  request: UpRequest,
  host: OpenHost,
  { facts, target, defaultName }: { facts: HostFacts; target: string | null; defaultName: string },
): Promise<Recognised> {
  const kept = await readableLines(ports);
  const claimed = lineOnHost(facts)?.lineName;
  const pending = claimed === undefined ? null : await pendingLineOf(ports, claimed);
  const seen = await meetHost(ports.random, host, target, facts, pending ? [...kept, pending] : kept);
  if (pending && seen.proven === pending.id) await adoptPending(ports, pending.name);
  // A damaged line's names are unknown, and so not compared with those that are about to be signed.
  const lines = await readableLines(ports, ({ name }) =>
    ports.report({ kind: "notice", id: "line-damaged", name }),
  );
  if (claimed !== undefined) await requireReadable(ports, claimed);
  const { name, acceptHost } = request;
  const choice = lineForHost(lines, seen, { name, defaultName, acceptHost });
  if (choice.kind === "new") {
    await requireReadable(ports, choice.name);
    await requireNotPending(ports, choice.name, target, request);
  }
  return { ...(await settle(ports, choice, seen, request.dryRun)), seen, lines };
}
