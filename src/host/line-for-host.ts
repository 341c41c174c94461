/** Which line an `up` is about: a new one, or one that this laptop has already. */
import { shellJoin, TetherdockError } from "../base/index.ts";
import type { HostFacts, TransactionAbout } from "../facts/index.ts";
import type { Line } from "../line/index.ts";

/** The other side of the question: what was typed. */
export interface LineWanted {
  /** `--name`, if given. */
  readonly name: string | undefined;
  readonly defaultName: string;
  /** As {@link Line.target}. */
  readonly target: string | null;
}

/** The answer: the line that exists, or the name of the one to make. */
export type LineChoice = { readonly line: Line } | { readonly line: null; readonly name: string };

/** The line that the host's journal says it carries. */
export function lineOnHost(facts: HostFacts): TransactionAbout | null {
  const confirmed = facts.transactions.filter(({ state, about }) => state === "confirmed" && about);
  return confirmed.at(-1)?.about ?? null;
}

function otherLine(about: TransactionAbout, target: string | null): TetherdockError {
  const place = target === null ? ["--local"] : [target];
  return new TetherdockError("HOST_HAS_LINE", `the host already carries the line "${about.lineName}"`, {
    why: [
      `made by ${about.by} on ${about.at}; its CA key is not on this machine`,
      "in native mode an engine trusts one CA: a second line would lock the first one out",
    ],
    hints: [`ask ${about.by} for a client certificate`, shellJoin(["tetherdock", "down", ...place])],
  });
}

/**
 * @param lines every line on this laptop
 * @throws HOST_HAS_LINE when the host carries somebody else's; LINE_EXISTS when the name means another host
 */
export function lineForHost(lines: readonly Line[], facts: HostFacts, wanted: LineWanted): LineChoice {
  const about = lineOnHost(facts);
  if (about) {
    const line = lines.find(({ id }) => id === about.lineId);
    if (!line) throw otherLine(about, wanted.target);
    if (wanted.name === undefined || wanted.name === line.name) return { line };
    throw new TetherdockError("LINE_EXISTS", `this host is already the line "${line.name}"`, {
      hints: [`tetherdock up ${wanted.target ?? "--local"} --name ${line.name}`],
    });
  }
  const name = wanted.name ?? wanted.defaultName;
  const named = lines.find((line) => line.name === name);
  if (!named) return { line: null, name };
  // The same host, set up anew: its clients keep their certificates.
  if (named.target === wanted.target) return { line: named };
  throw new TetherdockError(
    "LINE_EXISTS",
    `the name "${name}" is taken by the line to ${named.target ?? "this machine"}`,
    {
      hints: [
        shellJoin([
          "tetherdock",
          "up",
          ...(wanted.target === null ? ["--local"] : [wanted.target]),
          "--name",
          `${name}-2`,
        ]),
        `tetherdock down ${name}`,
      ],
    },
  );
}
