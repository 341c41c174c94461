import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** An expired certificate of the right CA: dockerd has no revocation, so only the expiry shuts out a lost key. */
export const expiredAdmitted = defineCheck({
  id: "expired-admitted",
  states: "expired client certificates are refused",
  needs: ["outside", "line", "ca-key"],
  severity: "high",
  consequence: "a lost key works forever, because dockerd does not check revocation",
  reference: "https://github.com/moby/moby/issues/7128",
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "expired");
      if (seen === null) return [];
      return [
        admittedProblem(report, {
          says: "accepts a client certificate that expired a month ago",
          evidence: `GET /_ping with an expired certificate of the line's CA: ${seen}`,
          fix: [
            "date -u   # on the host: a clock that is behind accepts expired certificates",
            `${upCommand(subject)}   # if a proxy in front ignores the expiry date, stop it first`,
          ],
        }),
      ];
    }),
});
