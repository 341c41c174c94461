import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** The right CA, its time over: dockerd has no revocation, so time is all that shuts out a lost key. */
export const expiredAdmitted = defineCheck({
  id: "expired-admitted",
  states: "expired client certificates are refused",
  needs: ["outside", "line", "ca-key"],
  severity: "high",
  consequence: "a key that was lost or left behind stays good for ever, since dockerd knows no revocation",
  reference: "https://github.com/moby/moby/issues/7128",
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "expired");
      if (seen === null) return [];
      return [
        admittedProblem(report, {
          says: "lets in a client certificate that expired a month ago",
          evidence: `GET /_ping with an expired certificate of the line's CA: ${seen}`,
          fix: [
            "date -u   # on the host: a clock that is far behind takes old certificates for valid",
            `${upCommand(subject)}   # where a proxy in front ignores the expiry, stop it first`,
          ],
        }),
      ];
    }),
});
