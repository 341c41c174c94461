import { visible } from "../../../base/index.ts";
import { FLEET_SERVICE, STORE_LOST } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

export const fleetStoreNotReached = defineCheck({
  id: "fleet-store-not-reached",
  states: "the fleet process reaches its store",
  needs: ["inside"],
  severity: "medium",
  consequence:
    "the host keeps the list that it has; it gets new clients and revocations only over the operator's line",
  reference: "tetherdock help fleet",
  run: ({ inside: { fleet } }) => {
    const { store = "" } = fleet.process?.said ?? {};
    if (fleet.process?.state !== "active" || !store.startsWith(STORE_LOST)) return [];
    return [
      {
        where: FLEET_SERVICE,
        says: "the fleet process does not reach the store; it tries again by itself",
        evidence: [visible(store)],
        fix: [
          `journalctl -u ${FLEET_SERVICE} -n 20 --no-pager   # on the host`,
          "tetherdock fleet status   # on the operator's machine: does the store answer, and do other hosts reach it?",
        ],
      },
    ];
  },
});
