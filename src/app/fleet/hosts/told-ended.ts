/** `fleet leave`: whether the host still has credentials for the store. */
import { quoteForeign } from "../../../base/index.ts";
import { type Ended, isShared, type OperatedFleet } from "../../../fleet/index.ts";
import type { FleetPorts } from "../ports.ts";

/** Says so if the host may still have credentials for the store. */
export function tellEnded(
  { tell }: FleetPorts,
  { name, kept }: OperatedFleet,
  host: string,
  ended: Ended,
): void {
  const hasOthers = isShared(kept.documents);
  if (ended === "ended" || (ended === "none" && !hasOthers)) return;
  const why = `no credentials of ${quoteForeign(host)} for the store are known here: if it has any, they still work`;
  const way = hasOthers
    ? `tetherdock fleet push --fleet ${name} on the machine of the operator who had it join ends them`
    : `tetherdock fleet store gives the fleet's other hosts new ones, and ends all`;
  tell(`${why}; ${way}`);
}
