/** Two lines of one laptop never have one endpoint: what the one's certificate vouches for is not signed for the other. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { Line } from "../../line/index.ts";
import type { San } from "../../pki/index.ts";

/**
 * Hosts behind one address are told apart by their ports, which the user chose then.
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
      `${taken.value} port ${line.port} is the line "${other.name}"'s`,
      {
        why: [
          `"${other.name}" was made with ${other.target ?? "this machine"}, and clients dial it there`,
          "nothing was signed, and nothing was changed",
        ],
        hints: [
          `${shellJoin(["tetherdock", "down", other.name])}   # if that line is not needed any more`,
          "give another --address, or another --port if both hosts are behind this address",
        ],
      },
    );
  }
}
