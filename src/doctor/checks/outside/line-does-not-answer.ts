import {
  describeObservation,
  formatEndpoint,
  gatewayRefusal,
  type Observation,
} from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { lineReports, unexplainedFailure } from "./line-problem.ts";

const REFUSALS = /^(?:unknown_ca|bad_certificate|certificate_unknown|unsupported_certificate|access_denied)$/;

function statement(where: string, seen: Observation): string {
  if (seen.kind === "tls-alert" && REFUSALS.test(seen.alert))
    return `${where} refuses the line's own certificate`;
  if (gatewayRefusal(seen)) return `the gateway at ${where} does not let this machine in`;
  if (seen.kind === "answered")
    return `${where} answers the line's certificate with HTTP ${seen.answer.status}`;
  return `${where} does not answer the line's certificate`;
}

/** Reached, but it refuses us: usually the host now trusts another CA. */
export const lineDoesNotAnswer = defineCheck({
  id: "line-does-not-answer",
  states: "the engine answers the line's certificate",
  needs: ["outside", "line"],
  severity: "medium",
  consequence: "no docker command works over this line",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  fixedByUp: true,
  run: (subject) =>
    lineReports(subject).flatMap((report) => {
      const seen = unexplainedFailure(report, subject);
      if (!seen) return [];
      const where = formatEndpoint(report.endpoint);
      const reason = gatewayRefusal(seen);
      return [
        {
          where,
          says: statement(where, seen),
          evidence: [
            `GET /_ping with the line's certificate: ${describeObservation(seen)}${reason === null ? "" : `: ${reason}`}`,
          ],
          // Setting the host up anew changes nothing in its list of clients.
          fix: [
            reason === null
              ? `${upCommand(subject)}   # makes the host trust the line's CA again`
              : "tetherdock client ls   # by an admin of the gateway, who can let this machine in again",
          ],
        },
      ];
    }),
});
