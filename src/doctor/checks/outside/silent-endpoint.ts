import { describeCaller, describeObservation, formatEndpoint } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { classifyEndpoint, seenBy } from "../../endpoint-view.ts";
import type { EndpointReport } from "../../subject.ts";

/** Completes TLS handshakes and then is silent to every caller, and there is no line's certificate to try. */
function isMuteBehindTls(report: EndpointReport): boolean {
  if (classifyEndpoint(report) !== "guarded" || seenBy(report, "line")) return false;
  return report.probes.every(({ caller, seen }) => caller === "plain" || seen.kind === "silent");
}

/** Takes connections and says nothing, so slowly that it comes to the same, or hangs up: also docker-proxy before a dead service. */
export const silentEndpoint = defineCheck({
  id: "silent-endpoint",
  states: "whatever accepts connections on Docker's ports answers in time",
  needs: ["outside"],
  severity: "low",
  consequence: "docker clients hang or fail, and doctor cannot tell who would get in",
  reference: "tetherdock help troubleshooting",
  run: ({ endpoints }) =>
    endpoints
      .filter(
        (report) =>
          report.why !== "inside" && (classifyEndpoint(report) === "silent" || isMuteBehindTls(report)),
      )
      .map(({ endpoint, probes, why }) => {
        const where = formatEndpoint(endpoint);
        return {
          where,
          says: `${where} accepts connections but does not answer`,
          evidence: probes.map(
            ({ caller, seen }) => `${describeCaller(caller)}: ${describeObservation(seen)}`,
          ),
          fix: [
            `ss -ltnp 'sport = :${endpoint.port}'   # on the host, as root: what is it?`,
            "systemctl status docker   # on the host: does the engine hang?",
          ],
          severity: why === "line" ? ("medium" as const) : ("low" as const),
        };
      }),
});
