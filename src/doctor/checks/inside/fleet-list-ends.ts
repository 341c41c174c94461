import { FLEET_KEPT } from "../../../facts/index.ts";
import { WARNING_MS } from "../../../line/index.ts";
import { formatSpan, formatTime, severityBefore } from "../../certificate-faults.ts";
import { defineCheck } from "../../check.ts";

/** By the host's clock, as the gateway does. */
export const fleetListEnds = defineCheck({
  id: "fleet-list-ends",
  states: "the fleet's list on the host is in force for another 30 days",
  needs: ["inside"],
  severity: "low",
  consequence:
    "when the list has ended, the host refuses the fleet's clients, but for roles that its gateway.json names; the clients of its own list get in",
  reference: "tetherdock help fleet",
  run: ({ inside, now, line }) => {
    const { list } = inside.fleet;
    const { clockMs } = inside.facts;
    if (list === null) return [];
    const left = list.until - (Number.isFinite(clockMs) ? clockMs : now);
    if (left >= WARNING_MS) return [];
    const [fleet] = line?.fleets ?? [];
    const push = `tetherdock fleet push${fleet === undefined ? "" : ` --fleet ${fleet.name}`}`;
    return [
      {
        where: FLEET_KEPT,
        says:
          left <= 0
            ? `the fleet's list ended ${formatSpan(-left)} ago`
            : `the fleet's list ends in ${formatSpan(left)}`,
        evidence: [`version ${list.version}, until ${formatTime(list.until)}`],
        fix: [`${push}   # on the operator's machine: signs it again`],
        severity: severityBefore(left),
      },
    ];
  },
});
