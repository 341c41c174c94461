import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** A server certificate of the right CA: a stolen server key would work as a client's. */
export const serverUsageAdmitted = defineCheck({
  id: "server-usage-admitted",
  states: "server certificates are refused from clients",
  needs: ["outside", "line", "ca-key"],
  severity: "low",
  consequence: "anybody who has a server key of this CA can connect as a client",
  reference: "https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12",
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "server-usage");
      if (seen === null) return [];
      return [
        admittedProblem(report, {
          says: "accepts a certificate of the right CA that is for servers only",
          evidence: `GET /_ping with a certificate for serverAuth alone: ${seen}`,
          fix: [
            `${upCommand(subject)}   # dockerd itself checks the key usage; stop the proxy in front first`,
          ],
        }),
      ];
    }),
});
