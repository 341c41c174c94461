/**
 * Which line an `up` is for: a new one, or one of this laptop. Only a proof identifies a host; the user may vouch for
 * one that cannot prove it. See docs/adr/0012-who-a-host-is.md.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { TransactionAbout } from "../../facts/index.ts";
import { type Line, notSetUpHere } from "../../line/index.ts";
import { describeSides, type HostSeen, isAtDestination } from "./host-seen.ts";

/** What was typed. */
export interface LineWanted {
  /** `--name`, if given. */
  readonly name: string | undefined;
  readonly defaultName: string;
  /** `--accept-host`: the user says that this is the host of that line. */
  readonly acceptHost: string | undefined;
}

/** The answer. `ask`: only the user can say that this host should be the line's. */
export type LineChoice =
  | { readonly kind: "new"; readonly name: string }
  | { readonly kind: "line"; readonly line: Line; readonly by: "proof" | "user" }
  | { readonly kind: "ask"; readonly line: Line };

function upWords({ target }: HostSeen): string[] {
  return ["tetherdock", "up", ...(target === null ? ["--local"] : [target])];
}

function downWords({ target }: HostSeen): string[] {
  return ["tetherdock", "down", ...(target === null ? ["--local"] : [target])];
}

function otherLine(about: TransactionAbout, seen: HostSeen): TetherdockError {
  return new TetherdockError("HOST_HAS_LINE", `the host already has the line "${about.lineName}"`, {
    why: [
      `made by ${about.by} on ${about.at}; its CA key is not on this machine`,
      "a second line would lock everybody out who uses the first one",
    ],
    hints: [
      "ask them to run: tetherdock client invite NAME   # you join with its token",
      `${shellJoin([...downWords(seen), "--dry-run"])}   # shows what it takes to remove their line`,
    ],
  });
}

/** A line other than the one the user vouches for: the user or the host is mistaken. */
function claimsAnother(about: TransactionAbout, seen: HostSeen): TetherdockError {
  return new TetherdockError("HOST_HAS_LINE", `the host says that it has your line "${about.lineName}"`, {
    why: [`made by ${about.by} on ${about.at}, by its own journal; --accept-host names another line`],
    hints: [`${shellJoin([...downWords(seen), "--dry-run"])}   # shows what this host carries`],
  });
}

function isAlready(line: Line, seen: HostSeen): TetherdockError {
  return new TetherdockError("LINE_EXISTS", `this host is already the line "${line.name}"`, {
    why: ["it has just proved it with its server key"],
    hints: [shellJoin([...upWords(seen), "--name", line.name])],
  });
}

function nameTaken(name: string, line: Line, lines: readonly Line[], seen: HostSeen): TetherdockError {
  const free = [2, 3, 4, 5, 6, 7, 8, 9]
    .map((count) => `${name}-${count}`)
    .find((one) => lines.every((other) => other.name !== one));
  return new TetherdockError(
    "LINE_EXISTS",
    `the name "${name}" is taken by the line to ${line.joined ? line.address : (line.target ?? "this machine")}`,
    { hints: [free ? shellJoin([...upWords(seen), "--name", free]) : "choose another name with --name"] },
  );
}

/** The error if nobody can be asked, or the answer was no. */
export function hostNotProven(line: Line, seen: HostSeen): TetherdockError {
  const isHere = isAtDestination(line, seen);
  return new TetherdockError(
    "HOST_NOT_PROVEN",
    `the host does not prove that it is the host of the line "${line.name}"`,
    {
      why: [...describeSides(line, seen), "nothing was signed, and nothing was changed"],
      hints: isHere
        ? [
            `${shellJoin([...upWords(seen), "--accept-host", line.name])}   # only if you reinstalled it, or know why`,
            `${shellJoin(["tetherdock", "down", line.name, "--forget"])}   # to give up this line's keys instead`,
          ]
        : [
            `${shellJoin([...downWords(seen), "--dry-run"])}   # shows what this host carries; "${line.name}" stays`,
          ],
    },
  );
}

function accepted(name: string, lines: readonly Line[], seen: HostSeen, wanted: LineWanted): LineChoice {
  const line = lines.find((one) => one.name === name);
  if (!line)
    throw new TetherdockError("LINE_UNKNOWN", `there is no line "${name}" (--accept-host)`, {
      hints: ["tetherdock ls"],
    });
  if (line.joined)
    throw notSetUpHere(
      `this machine cannot change the host of the line "${name}"`,
      "has its CA key",
      "use the line as it is, or run up on the machine that set it up",
    );
  if (wanted.name !== undefined && wanted.name !== name)
    throw new TetherdockError("USAGE", "--name and --accept-host name two different lines", {
      hints: [shellJoin([...upWords(seen), "--accept-host", name])],
    });
  const { claim } = seen;
  if (claim && claim.lineId !== line.id)
    throw lines.some(({ id }) => id === claim.lineId) ? claimsAnother(claim, seen) : otherLine(claim, seen);
  return { kind: "line", line, by: "user" };
}

/** A host that proves nothing and claims a line. */
function byClaim(
  claim: TransactionAbout,
  lines: readonly Line[],
  seen: HostSeen,
  wanted: LineWanted,
): LineChoice {
  const line = lines.find(({ id }) => id === claim.lineId);
  if (!line) throw otherLine(claim, seen);
  // The name means another line: the claim is false, or the user mistaken.
  if (wanted.name !== undefined && wanted.name !== line.name) throw hostNotProven(line, seen);
  return { kind: "ask", line };
}

/**
 * @param lines every line on this laptop
 * @throws HOST_HAS_LINE when the host carries somebody else's; LINE_EXISTS when the name means another host;
 *   HOST_NOT_PROVEN when it claims a line under another name
 */
export function lineForHost(lines: readonly Line[], seen: HostSeen, wanted: LineWanted): LineChoice {
  const proven = lines.find(({ id }) => id === seen.proven);
  if (proven) {
    const named = wanted.name ?? wanted.acceptHost;
    if (named !== undefined && named !== proven.name) throw isAlready(proven, seen);
    return { kind: "line", line: proven, by: "proof" };
  }
  if (wanted.acceptHost !== undefined) return accepted(wanted.acceptHost, lines, seen, wanted);
  if (seen.claim) return byClaim(seen.claim, lines, seen, wanted);
  const here = lines.filter((line) => isAtDestination(line, seen));
  const named = wanted.name ?? wanted.defaultName;
  const line = here.find(({ name }) => name === named) ?? (wanted.name === undefined ? here[0] : undefined);
  if (line) return { kind: "ask", line };
  const holder = lines.find(({ name }) => name === named);
  if (holder) throw nameTaken(named, holder, lines, seen);
  return { kind: "new", name: named };
}
