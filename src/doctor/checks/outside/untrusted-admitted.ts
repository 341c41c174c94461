import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** A certificate is asked for and not verified, or only by the name of its CA. */
export const untrustedAdmitted = defineCheck({
  id: "untrusted-admitted",
  states: "client certificates of other CAs are refused",
  needs: ["outside"],
  severity: "critical",
  consequence: "anybody can make such a certificate in a second, and is then root on the host",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "untrusted");
      if (seen === null) return [];
      return [
        admittedProblem(report, {
          says: "accepts a client certificate of a CA that was created a moment ago",
          evidence: `GET /_ping with a certificate of a new CA: ${seen}`,
          fix: [
            `${upCommand(subject)}   # if dockerd itself speaks TLS; stop a proxy in front of it first`,
            "ssl_verify_client on;   # in nginx: not optional_no_ca; haproxy: verify required, no ca-ignore-err",
          ],
        }),
      ];
    }),
});
