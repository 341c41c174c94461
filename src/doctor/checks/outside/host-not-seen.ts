import { describeObservation, formatEndpoint } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import type { EndpointReport, Subject } from "../../subject.ts";

/** A refusal comes from the host itself; lost packets and unknown names tell nothing about it. */
function isUnseen({ probes }: EndpointReport): boolean {
  return probes.every(({ seen }) => seen.kind === "unreachable" && seen.cause !== "refused");
}

/** With a line or a look from inside other checks tell more. */
function nothingKnown({ inside, line, endpoints }: Subject): boolean {
  return !inside && !line && endpoints.every(isUnseen);
}

/** Otherwise a host that cannot be reached would have "no findings". */
export const hostNotSeen = defineCheck({
  id: "host-not-seen",
  states: "the host can be reached from here",
  needs: ["outside"],
  severity: "low",
  consequence: "nothing is known about it; it may be open to others",
  reference: "tetherdock help doctor",
  run: (subject) => {
    const { endpoints, name } = subject;
    if (!nothingKnown(subject)) return [];
    return [
      {
        where: endpoints.map(({ endpoint }) => formatEndpoint(endpoint)).join(", "),
        says: "nothing on the host can be reached from here",
        evidence: endpoints.flatMap(({ endpoint, probes }) =>
          probes.map(({ seen }) => `${formatEndpoint(endpoint)}: ${describeObservation(seen)}`),
        ),
        fix: [`tetherdock doctor ${name}   # once the name resolves and the host can be reached`],
      },
    ];
  },
});
