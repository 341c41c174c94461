/** What the results of all hosts say of a change, and what to do about those that are behind. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import type { OperatedFleet } from "../../fleet/index.ts";
import { connectionsOpen } from "../gateway-api/index.ts";
import type { HostResult } from "./push-list.ts";

/** Version in force on the host, as far as it is known. */
export function versionOn(result: HostResult): number | null {
  if ("error" in result) return null;
  return "stored" in result ? result.stored.inForce : (result.fleet?.version ?? null);
}

function whyMissing(result: HostResult): string {
  const { host } = result;
  if ("error" in result) return `${host}: ${result.error.message}`;
  const version = versionOn(result);
  const refused = "stored" in result ? result.stored.refused : null;
  if (refused !== null)
    return `${host}: has version ${version}, and refuses the list: ${quoteForeign(refused)}`;
  if (version === null) return `${host}: is in no fleet`;
  return "stored" in result
    ? `${host}: does not answer, and has version ${version} by its receipt`
    : `${host}: has version ${version}`;
}

/** What brings the list to those that do not have it. */
function wayOn({ name, kept }: OperatedFleet, behind: readonly HostResult[]): string[] {
  if (behind.some((one) => (versionOn(one) ?? 0) > kept.view.version))
    return [
      "make changes on the machine that has changed the list last, or copy its folder of the fleet here",
    ];
  // A push gives no credentials.
  const locked = behind.filter((one) => "error" in one && one.error.code === "FLEET_STORE_FAILED");
  if (locked.length === 0) return [shellJoin(["tetherdock", "fleet", "push", "--fleet", name])];
  const join = ["tetherdock", "fleet", "join", ...locked.map(({ host }) => host), "--fleet", name];
  return [`${shellJoin(join)}   # again, once the store is back`];
}

/** @returns FLEET_INCOMPLETE naming the hosts that do not have the current list; null: all have it */
export function missing(fleet: OperatedFleet, results: readonly HostResult[]): TetherdockError | null {
  const { kept } = fleet;
  const behind = results.filter((one) => versionOn(one) !== kept.view.version);
  if (behind.length === 0) return null;
  return new TetherdockError(
    "FLEET_INCOMPLETE",
    `version ${kept.view.version} of the fleet's list is missing on ${behind.length} of ${results.length} hosts`,
    {
      why: behind.slice(0, 20).map(whyMissing),
      hints: wayOn(fleet, behind),
    },
  );
}

function openOn(result: HostResult): number {
  if ("error" in result) return 0;
  return ("stored" in result ? result.stored.open : result.receipt?.open) ?? 0;
}

/** @returns CONNECTIONS_OPEN naming the hosts that have not closed what the list ends; null: all have */
export const stillOpen = (results: readonly HostResult[]): TetherdockError | null =>
  connectionsOpen(results.map((one) => ({ line: one.host, open: openOn(one) })));
