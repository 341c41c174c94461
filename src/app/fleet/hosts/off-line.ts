/** A host whose line does not do, and what its receipt says of that: it may be away for a moment, or gone for good. */
import { DAY_MS, shellJoin, type TetherdockError } from "../../../base/index.ts";
import { HEARTBEAT_MS, isShared, type OperatedFleet } from "../../../fleet/index.ts";
import type { HostResult } from "../push-list.ts";

type OfReceipt = Extract<HostResult, { readonly stored: unknown }>;

/** @param now milliseconds since the epoch */
export const offLine = (receipt: OfReceipt, error: TetherdockError, now: number): OfReceipt => ({
  ...receipt,
  offLine: { error, silentMs: now - receipt.stored.at },
});

export function lineErrorOf(one: HostResult): TetherdockError | null {
  if ("error" in one) return one.error;
  return "stored" in one ? (one.offLine?.error ?? null) : null;
}

const hasNoLine = (one: HostResult): boolean => lineErrorOf(one)?.code === "LINE_UNKNOWN";

/** Its line is there, and the gateway does not answer over it. */
const isUnreachable = (one: HostResult): boolean => lineErrorOf(one)?.code === "GATEWAY_UNREACHABLE";

/** Its fleet process writes receipts: it takes a new list within seconds. */
export const isAlive = (one: HostResult): boolean =>
  "stored" in one && one.offLine !== undefined && one.offLine.silentMs < 3 * HEARTBEAT_MS;

/** Neither its line nor its fleet process says anything. */
export const isSilent = (one: HostResult): boolean => (hasNoLine(one) || isUnreachable(one)) && !isAlive(one);

/**
 * An operator needs no lines, so only somebody who alone operates the fleet misses one. A receipt that is old says it of everybody's
 * host: one that is only off for a night is not gone.
 */
function isGone({ kept }: OperatedFleet, one: HostResult): boolean {
  if (!hasNoLine(one)) return false;
  if ("stored" in one) return (one.offLine?.silentMs ?? 0) > DAY_MS;
  return !isShared(kept.documents);
}

const MOST_EACH = 3;

function pushAgain({ name, kept }: OperatedFleet, hosts: readonly HostResult[]): string {
  const [first] = hosts.map(({ host }) => host);
  const where = isShared(kept.documents)
    ? `on a machine that has a line to ${first}`
    : `once this machine has a line to ${first} again`;
  return `${shellJoin(["tetherdock", "fleet", "push", "--fleet", name])}   # ${where}`;
}

const leaveWithout = (fleet: string, host: string): string =>
  `${shellJoin(["tetherdock", "fleet", "leave", host, "--fleet", fleet, "--force"])}   # only if the host is gone for good, or was taken down`;

/** @returns commands that find out why these hosts are not reached; taking one off the list is the last */
export function waysToSilent(fleet: OperatedFleet, hosts: readonly HostResult[]): string[] {
  const gone = hosts.filter((one) => isGone(fleet, one));
  const without = hosts.filter((one) => hasNoLine(one) && ("error" in one || gone.includes(one)));
  return [
    ...hosts
      .filter(isUnreachable)
      .slice(0, MOST_EACH)
      .map(({ host }) => `${shellJoin(["tetherdock", "doctor", host])}   # why its line does not answer`),
    ...(without.length > 0 ? [pushAgain(fleet, without)] : []),
    ...gone.slice(0, MOST_EACH).map(({ host }) => leaveWithout(fleet.name, host)),
  ];
}
