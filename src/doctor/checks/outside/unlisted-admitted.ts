import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** A gateway's promise: the line's CA is not enough, a client must be on the list. dockerd itself promises no such thing. */
export const unlistedAdmitted = defineCheck({
  id: "unlisted-admitted",
  states: "a gateway refuses clients that are not on its client list",
  needs: ["outside", "gateway", "ca-key"],
  severity: "critical",
  consequence: "revoked clients, and anybody else with a certificate of the line's CA, can connect",
  reference: "tetherdock help gateway",
  fixedByUp: true,
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "unlisted");
      if (seen === null) return [];
      return [
        admittedProblem(report, {
          says: "accepts a certificate of the line's CA that is not on the client list",
          evidence: `GET /_ping with a new certificate of the line's CA: ${seen}`,
          fix: [
            `${upCommand(subject)}   # restores the gateway, and proves that it refuses such a certificate`,
            `ss -ltnp 'sport = :${report.endpoint.port}'   # on the host, as root: does the gateway listen here?`,
          ],
        }),
      ];
    }),
});
