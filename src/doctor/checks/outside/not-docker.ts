import { describeCaller, describeObservation, formatEndpoint } from "../../../engine/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { classifyEndpoint } from "../../endpoint-view.ts";
import { describeListener, listenersOn, whoListens } from "../../listening.ts";
import type { EndpointReport, Inside } from "../../subject.ts";

function problemOf({ endpoint, probes, why }: EndpointReport, inside: Inside | null): Problem {
  const listeners = inside ? listenersOn(inside, endpoint.port) : [];
  const where = formatEndpoint(endpoint);
  const told = probes.flatMap(({ caller, seen }) =>
    caller === "plain" || caller === "none"
      ? [`${describeCaller(caller)}: ${describeObservation(seen)}`]
      : [],
  );
  return {
    where,
    says: `${where} is served by something that is not Docker`,
    evidence: [...told, ...listeners.map(describeListener)],
    fix: [whoListens(endpoint.port, listeners)],
    severity: why === "line" ? "medium" : "info",
  };
}

/** Only ports on which an engine is expected; a host may serve anything on other ports. */
export const notDocker = defineCheck({
  id: "not-docker",
  states: "what answers on Docker's ports is Docker",
  needs: ["outside"],
  severity: "info",
  consequence: "docker clients fail with confusing messages, and doctor cannot check it",
  reference: "https://www.iana.org/assignments/service-names-port-numbers",
  run: ({ endpoints, inside }) =>
    endpoints
      .filter((report) => report.why !== "inside" && classifyEndpoint(report) === "other")
      .map((report) => problemOf(report, inside)),
});
