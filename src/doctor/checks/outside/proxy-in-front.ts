import { formatEndpoint, type HttpAnswer, isGatewayAnswer, printable } from "../../../engine/index.ts";
import { defineCheck } from "../../check.ts";
import { classifyEndpoint } from "../../endpoint-view.ts";
import type { EndpointReport } from "../../subject.ts";

/** The engine, and our gateway where it refuses a client itself. */
const isOwn = (answer: HttpAnswer): boolean =>
  answer.server?.startsWith("Docker/") === true || isGatewayAnswer(answer);

/** Go's own answer to plain HTTP on a TLS port has no Server header; an engine's is `Docker/…`. */
function foreignServers({ probes }: EndpointReport): string[] {
  const servers = probes.flatMap(({ seen }) => {
    if (seen.kind !== "answered" || seen.answer.server === undefined || isOwn(seen.answer)) return [];
    return [printable(seen.answer.server, 60)];
  });
  return [...new Set(servers)];
}

/** A proxy answers for the engine: another program decides who gets in. */
export const proxyInFront = defineCheck({
  id: "proxy-in-front",
  states: "the engine itself answers, not a proxy",
  needs: ["outside"],
  severity: "info",
  consequence: "the proxy's configuration decides who gets in, and docker's settings do not show it",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: ({ endpoints }) =>
    endpoints.flatMap((report) => {
      const servers = classifyEndpoint(report) === "docker" ? foreignServers(report) : [];
      const [server] = servers;
      if (server === undefined) return [];
      const where = formatEndpoint(report.endpoint);
      return [
        {
          where,
          says: `${where} is a proxy in front of a Docker Engine`,
          evidence: [`Server: ${server}`, "an answer has an Api-Version header: an engine is behind it"],
          fix: [`ss -ltnp 'sport = :${report.endpoint.port}'   # on the host, as root: which program is it?`],
        },
      ];
    }),
});
