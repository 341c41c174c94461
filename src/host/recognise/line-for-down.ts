/**
 * Which line's keys a `down` deletes. The host's own journal undoes the host, whoever made it. Keys on this laptop are
 * deleted only for a host that has proven to be their line's, or if the user confirms.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Line } from "../../line/index.ts";
import { describeSides, type HostSeen, isAtDestination } from "./host-seen.ts";

/** What was typed. */
export interface DownWanted {
  /** The named line; null if a destination was named. */
  readonly named: Line | null;
  /** A line on this laptop, and the named one if one was: the caller has checked this. */
  readonly acceptHost: string | undefined;
}

/** The answer. */
export type DownChoice =
  /** The line is deleted after the host is undone; null: there is none. */
  | { readonly kind: "forget"; readonly line: Line | null }
  /** Only the host is undone; this line might be its, and stays. */
  | { readonly kind: "keep"; readonly line: Line }
  /** The line was named, and only the user can say that this is its host. */
  | { readonly kind: "ask"; readonly line: Line };

function carriesOther(line: Line, what: string, seen: HostSeen): TetherdockError {
  const down = ["tetherdock", "down", ...(seen.target === null ? ["--local"] : [seen.target])];
  return new TetherdockError("HOST_HAS_LINE", `the host no longer has your line "${line.name}"`, {
    why: [what],
    hints: [
      shellJoin(["tetherdock", "down", line.name, "--forget"]),
      `${shellJoin(down)}   # undoes that one`,
    ],
  });
}

/** The error if nobody can be asked, or the answer was no. */
export function hostNotProvenForDown(line: Line, seen: HostSeen): TetherdockError {
  return new TetherdockError(
    "HOST_NOT_PROVEN",
    `the host does not prove that it is the host of the line "${line.name}"`,
    {
      why: [...describeSides(line, seen), "nothing was changed, on the host or on this machine"],
      hints: [
        `${shellJoin(["tetherdock", "down", line.name, "--accept-host", line.name])}   # undo this host, forget the line`,
        `${shellJoin(["tetherdock", "down", line.name, "--forget"])}   # only forget the line`,
      ],
    },
  );
}

/**
 * @param lines every line on this laptop
 * @throws HOST_HAS_LINE
 */
export function lineForDown(
  lines: readonly Line[],
  seen: HostSeen,
  { named, acceptHost }: DownWanted,
): DownChoice {
  const proven = lines.find(({ id }) => id === seen.proven);
  if (proven) {
    const meant = named?.name ?? acceptHost;
    const other = lines.find(({ name }) => name === meant);
    if (other && other.id !== proven.id)
      throw carriesOther(other, `it has proven to be the host of your line "${proven.name}"`, seen);
    return { kind: "forget", line: proven };
  }
  const { claim } = seen;
  const accepted = lines.find(({ name }) => name === acceptHost);
  const meant = named ?? accepted;
  if (!meant) {
    const line =
      lines.find((one) => one.id === claim?.lineId) ?? lines.find((one) => isAtDestination(one, seen));
    return line ? { kind: "keep", line } : { kind: "forget", line: null };
  }
  if (claim && claim.lineId !== meant.id)
    throw carriesOther(meant, `it carries "${claim.lineName}", made by ${claim.by} on ${claim.at}`, seen);
  return { kind: accepted?.id === meant.id ? "forget" : "ask", line: meant };
}
