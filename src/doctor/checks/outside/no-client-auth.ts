import { formatEndpoint } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { admittedProblem, leastAdmitted } from "./admitted-problem.ts";

/** TLS that asks for no certificate, or for one and lets everybody in all the same: `--tls`, a proxy without verify. */
export const noClientAuth = defineCheck({
  id: "no-client-auth",
  states: "every endpoint that serves the API over TLS asks for a client certificate",
  needs: ["outside"],
  severity: "critical",
  consequence:
    "TLS encrypts the traffic but keeps nobody out: anybody who can reach the port is root on the host",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: (subject) =>
    subject.endpoints.flatMap((report) => {
      const seen = leastAdmitted(report, "none");
      if (seen === null) return [];
      const where = formatEndpoint(report.endpoint);
      return [
        admittedProblem(report, {
          says: "serves the Docker API over TLS to anybody, without a client certificate",
          evidence: `GET /_ping over TLS without a certificate: ${seen}`,
          fix: [
            `${upCommand(subject)}   # if dockerd itself speaks TLS; stop a proxy in front of it first`,
            "ssl_verify_client on;   # in nginx, with ssl_client_certificate; haproxy: verify required",
            `curl -k https://${where}/_ping   # must fail afterwards`,
          ],
        }),
      ];
    }),
});
