import { shellQuote } from "../../base/index.ts";
import { describeObservation, formatEndpoint, isDockerAnswer } from "../../engine/index.ts";
import { defineCheck } from "../check.ts";
import { upCommand } from "../endpoint-view.ts";

/** Pitfall 1, and what pitfall 2 comes down to: plain HTTP gets an answer. */
export const apiWithoutTls = defineCheck({
  id: "api-without-tls",
  states: "no endpoint serves the API without TLS",
  needs: ["outside"],
  severity: "critical",
  consequence: "anybody who can reach the port is root on the host: a container can mount the host's disk",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  fixedByUp: true,
  run: (subject) =>
    subject.endpoints.flatMap(({ endpoint, probes }) => {
      const plain = probes.find(({ caller }) => caller === "plain")?.seen;
      if (plain?.kind !== "answered" || plain.tls || !isDockerAnswer(plain.answer)) return [];
      const where = formatEndpoint(endpoint);
      return [
        {
          where,
          says: `${where} serves the Docker API without TLS to anybody who can reach it`,
          evidence: [`plain HTTP GET /_ping: ${describeObservation(plain)}`],
          fix: [upCommand(subject), `curl ${shellQuote(`http://${where}/_ping`)}   # must fail afterwards`],
        },
      ];
    }),
});
