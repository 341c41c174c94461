/** Brings what was signed on this machine to the hosts, while other operators may publish too. */
import type { OperatedFleet } from "../../../fleet/index.ts";
import { type Brought, bringList, type Pushed } from "../bring-list.ts";
import { revokesAllOf, takeNewest } from "../newest-list.ts";
import type { FleetPorts } from "../ports.ts";
import { eachHost, type HostResult, pushTo } from "../push-list.ts";
import { isRefused, receiptJudge } from "../receipts.ts";
import { versionOn } from "../results.ts";
import { isUnpublished, removeFinished } from "./unpublished.ts";

/** Another list of the same fleet may be in force there, or on its way. */
const mayBeAhead = (one: HostResult, { kept }: OperatedFleet): boolean =>
  (versionOn(one) ?? 0) > kept.view.version || ("error" in one && isRefused(one.error));

/** Another operator has published while this machine waited. If their list follows, hosts that have it have this one's change too. */
async function byNewest(
  ports: FleetPorts,
  signed: OperatedFleet,
  brought: Brought,
  joining: ReadonlySet<string>,
): Promise<Pushed> {
  const fleet = await takeNewest(ports, signed);
  const { view } = fleet.kept;
  // One operator alone, who has not seen what was revoked here, may have published it.
  if (view.version === signed.kept.view.version || !revokesAllOf(signed.kept.view, view))
    return { fleet: signed, ...brought };
  const judge = receiptJudge(fleet);
  const hosts = await eachHost(ports, brought.hosts, async (one) => {
    if (!mayBeAhead(one, signed)) return one;
    if ("stored" in one) return { ...one, ...judge(one.stored) };
    return pushTo(ports, fleet, one.host, { joins: joining.has(one.host) });
  });
  return { ...brought, fleet, hosts, since: signed.kept.view.version };
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
  return brought.hosts.some((one) => mayBeAhead(one, fleet))
    ? byNewest(ports, fleet, brought, joining)
    : { fleet, ...brought };
}
