import { describeObservation, formatEndpoint, type Observation } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { classifyEndpoint, upCommand } from "../../endpoint-view.ts";
import type { EndpointReport, Subject } from "../../subject.ts";
import { lineReports } from "./line-problem.ts";

function lostAt({ probes }: EndpointReport): Observation | undefined {
  return probes.find(({ seen }) => seen.kind === "unreachable")?.seen;
}

function isNoRoute(report: EndpointReport): boolean {
  const seen = lostAt(report);
  return seen?.kind === "unreachable" && seen.cause === "no-route";
}

/** A laptop without IPv6 says nothing about a host that has it. */
function closedReports(subject: Subject): EndpointReport[] {
  const all = lineReports(subject);
  const closed = all.filter((report) => classifyEndpoint(report) === "closed");
  return closed.length < all.length ? closed.filter((report) => !isNoRoute(report)) : closed;
}

/** A name that does not resolve is a problem of this machine, not of the host. */
function isLocalMatter(reports: readonly EndpointReport[]): boolean {
  return reports.every((report) => {
    const seen = lostAt(report);
    return seen?.kind === "unreachable" && (seen.cause === "dns" || seen.cause === "other");
  });
}

/** From inside it is known better: docker is down, or listens, and then the way there is the cause. */
function saidByInside({ inside, line }: Subject, reports: readonly EndpointReport[]): boolean {
  if (!inside || isLocalMatter(reports)) return false;
  return !inside.facts.service.active || inside.listeners.some(({ port }) => port === line?.endpoint.port);
}

const NOTHING = "# on the host: does anything listen?";

/** No connection to the line's endpoint. */
export const lineUnreachable = defineCheck({
  id: "line-unreachable",
  states: "the line's endpoint can be reached from here",
  needs: ["outside", "line"],
  severity: "medium",
  consequence: "no docker command works over this line",
  reference: "tetherdock help troubleshooting",
  run: (subject) => {
    const reports = closedReports(subject);
    const [first] = reports;
    if (!first || saidByInside(subject, reports)) return [];
    const where = reports.map(({ endpoint }) => formatEndpoint(endpoint)).join(", ");
    const evidence = reports.flatMap((report) => {
      const seen = lostAt(report);
      return seen ? [`${formatEndpoint(report.endpoint)}: ${describeObservation(seen)}`] : [];
    });
    return [
      {
        where,
        says: `the line's endpoint ${where} cannot be reached from here`,
        evidence,
        fix: [`ss -ltn 'sport = :${first.endpoint.port}'   ${NOTHING}`, upCommand(subject)],
      },
    ];
  },
});
