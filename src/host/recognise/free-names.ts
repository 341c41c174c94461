/** Two lines of one laptop never share an endpoint: a name in one line's certificate is not signed for another. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Line } from "../../line/index.ts";
import type { San } from "../../pki/index.ts";

const origin = ({ joined, target }: Line): string =>
  joined ? "joined or imported" : `made with ${target ?? "this machine"}`;

/** A joined line is often to the very host that is set up now; `down` deletes it on this machine only. */
const waysOut = ({ name, joined }: Line): string[] => {
  const down = shellJoin(["tetherdock", "down", name]);
  if (joined)
    return [`${down}   # deletes the line on this machine only, if it is to this host; then run up again`];
  return [
    `${down}   # if you no longer need that line`,
    "give another --address, or another --port if both hosts are behind this address",
  ];
};

/**
 * Hosts behind one address have different ports, which the user chose.
 * @param line as it will be
 * @param names for its certificate
 * @throws NAME_TAKEN
 */
export function requireFreeNames(
  lines: readonly Line[],
  line: Pick<Line, "id" | "port" | "target">,
  names: readonly San[],
): void {
  for (const other of lines) {
    if (other.id === line.id || other.port !== line.port) continue;
    const taken = names.find(({ value }) => value === other.address || other.sans.includes(value));
    if (!taken) continue;
    throw new TetherdockError(
      "NAME_TAKEN",
      `${taken.value} port ${line.port} belongs to the line "${other.name}"`,
      {
        why: [
          `"${other.name}" was ${origin(other)}, and its clients connect there`,
          "nothing was signed, and nothing was changed",
        ],
        hints: waysOut(other),
      },
    );
  }
}
