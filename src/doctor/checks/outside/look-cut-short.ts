import { formatEndpoint } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";

/** Slow or silent endpoints used up the time; what was not tried may not be safe. */
export const lookCutShort = defineCheck({
  id: "look-cut-short",
  states: "everything was tried on every endpoint",
  needs: ["outside"],
  severity: "low",
  consequence: "what was not tried may be exposed",
  reference: "tetherdock help doctor",
  run: ({ endpoints, name }) => {
    const short = endpoints.filter(({ cutShort }) => cutShort);
    if (short.length === 0) return [];
    return [
      {
        where: short.map(({ endpoint }) => formatEndpoint(endpoint)).join(", "),
        says: `time ran out before everything was tried on ${short.length} of ${endpoints.length} endpoints`,
        evidence: short.map(({ endpoint, probes }) => `${formatEndpoint(endpoint)}: ${probes.length} probes`),
        fix: [`tetherdock doctor ${name}   # alone, and with fewer ports`],
      },
    ];
  },
});
