/** Brings what was signed on this machine to the hosts, while other operators may publish too. */
import { isShared, type OperatedFleet } from "../../../fleet/index.ts";
import { bringList, type Pushed } from "../bring-list.ts";
import { revokesAllOf, takeNewest } from "../newest-list.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { eachHost, type HostResult, pushTo } from "../push-list.ts";
import { isRefused, receiptJudge } from "../receipts.ts";
import { versionOn } from "../results.ts";
import { isUnpublished, removeFinished } from "./unpublished.ts";

/** Another list of the same fleet may be in force there, or on its way. */
const mayBeAhead = (one: HostResult, { kept }: OperatedFleet): boolean =>
  (versionOn(one) ?? 0) > kept.view.version || ("error" in one && isRefused(one.error));

/** Other commands on this machine, and other operators, may publish one list after the other. */
const MOST_LISTS = 8;

/** The newest list; one operator alone may have signed it on this machine, by another command. */
async function newestOf(ports: FleetPorts, { fleet }: Pushed): Promise<OperatedFleet> {
  if (isShared(fleet.kept.documents)) return takeNewest(ports, fleet);
  const own = await openFleet(ports, fleet.name);
  return takeNewest(ports, own.kept.view.version > fleet.kept.view.version ? own : fleet);
}

/** If the newest list follows, hosts that have it have this command's change too. */
async function byNewest(
  ports: FleetPorts,
  pushed: Pushed,
  since: number,
  joining: ReadonlySet<string>,
): Promise<Pushed> {
  const fleet = await newestOf(ports, pushed);
  const { view } = fleet.kept;
  const before = pushed.fleet.kept.view;
  // One operator alone, who has not seen what was revoked here, may have published it.
  if (view.version === before.version || !revokesAllOf(before, view)) return pushed;
  const judge = receiptJudge(fleet);
  const hosts = await eachHost(ports, pushed.hosts, async (one) => {
    if (!mayBeAhead(one, pushed.fleet)) return one;
    if ("stored" in one) return { ...one, ...judge(one.stored) };
    return pushTo(ports, fleet, one.host, { joins: joining.has(one.host) });
  });
  return { ...pushed, fleet, hosts, since };
}

/** {@link bringList}; once the list is in the store, the change that it was does not wait any more. */
export async function bringSigned(
  ports: FleetPorts,
  fleet: OperatedFleet,
  joining: ReadonlySet<string> = new Set(),
): Promise<Pushed> {
  const brought = await bringList(ports, fleet, joining);
  if (brought.storeError === null && (await isUnpublished(ports, fleet)))
    await removeFinished(ports, fleet).catch(() => {});
  let pushed: Pushed = { fleet, ...brought };
  for (let lists = 0; lists < MOST_LISTS; lists += 1) {
    const { fleet: known, hosts } = pushed;
    if (!hosts.some((one) => mayBeAhead(one, known))) break;
    const next = await byNewest(ports, pushed, fleet.kept.view.version, joining);
    if (next === pushed) break;
    pushed = next;
  }
  return pushed;
}
