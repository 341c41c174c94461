/** The fleets that this machine operates, for the checks of their hosts. */
import { TetherdockError } from "../../base/index.ts";
import type { SubjectLine, UnreadFleet } from "../../doctor/index.ts";
import type { OperatedFleet } from "../../fleet/index.ts";
import type { VisitPorts } from "./ports.ts";
import type { Target } from "./target.ts";

/** What of them is broken stops no other check. */
export interface Fleets {
  readonly read: readonly OperatedFleet[];
  readonly unread: readonly UnreadFleet[];
}

async function orUnread<T>(where: string, work: () => Promise<T>): Promise<T | UnreadFleet> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    return { where, evidence: [error.message, ...error.why], fix: error.hints };
  }
}

/** Each is verified as a whole, so once for all targets. */
export async function readFleets({ fleets }: Pick<VisitPorts, "fleets">): Promise<Fleets> {
  const names = await orUnread("fleets", () => fleets.list());
  if ("where" in names) return { read: [], unread: [names] };
  const tried = await Promise.all(names.map((name) => orUnread(`fleet ${name}`, () => fleets.read(name))));
  return {
    read: tried.filter((one) => "kept" in one),
    unread: tried.filter((one) => "where" in one),
  };
}

/** A native line is in none. */
export const mayBeInFleet = ({ line }: Target): boolean => line?.mode === "gateway";

/** The lists that name the host of a line. */
export function listsWith(
  { read, unread }: Fleets,
  host: string,
): Pick<SubjectLine, "fleets" | "unreadFleets"> {
  return {
    fleets: read
      .filter(({ kept }) => kept.view.list.hosts.some(({ name }) => name === host))
      .map(({ name, kept }) => ({ name, version: kept.view.version })),
    ...(unread.length > 0 && { unreadFleets: unread }),
  };
}
