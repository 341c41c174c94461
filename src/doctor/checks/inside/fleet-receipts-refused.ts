import { visible } from "../../../base/index.ts";
import { FLEET_SERVICE, NO_RECEIPT, STORE_LOST } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

/** A store that is away takes no receipts either: another check tells that. */
export const fleetReceiptsRefused = defineCheck({
  id: "fleet-receipts-refused",
  states: "the fleet's store takes the receipts that the host writes",
  needs: ["inside"],
  severity: "low",
  consequence:
    "the host gets the list, and cannot confirm it through the store: fleet revoke names it unless a line reaches it",
  reference: "tetherdock help fleet",
  run: ({ inside: { fleet } }) => {
    const { store = "", receipts = "" } = fleet.process?.said ?? {};
    const isAway = fleet.process?.state !== "active" || store.startsWith(STORE_LOST);
    if (isAway || !receipts.startsWith(NO_RECEIPT)) return [];
    return [
      {
        where: FLEET_SERVICE,
        says: "the store does not take the host's receipts",
        evidence: [visible(receipts)],
        fix: [
          "tetherdock help fleet | less '+/Behind a web server'   # how a web server takes receipts; at status 500, its user may not write to their folder",
          "tetherdock fleet store --help   # on the operator's machine: if the address after --receipts is wrong",
        ],
      },
    ];
  },
});
