import { visible } from "../../../base/index.ts";
import { describeObservation, formatEndpoint } from "../../../engine/index.ts";
import type { ListenerFact } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import {
  describeListener,
  isEngine,
  isGatewayPort,
  listenersOn,
  listensFor,
  socketUnitOn,
} from "../../listening.ts";
import type { EndpointReport, Inside } from "../../subject.ts";

/** The engine's listeners that would take this connection, were nothing in between. */
function expected(inside: Inside, { endpoint }: EndpointReport): ListenerFact[] {
  const bySystemd =
    socketUnitOn(inside.facts, endpoint.port) !== undefined || isGatewayPort(inside.facts, endpoint.port);
  return listenersOn(inside, endpoint.port).filter(
    (listener) => listensFor(listener, endpoint.host) && (bySystemd || listener.holders.some(isEngine)),
  );
}

function isLost({ probes }: EndpointReport): boolean {
  return (
    probes.length > 0 &&
    probes.every(({ seen }) => seen.kind === "unreachable" && seen.cause !== "dns" && seen.cause !== "other")
  );
}

function problem(inside: Inside, report: EndpointReport, listeners: readonly ListenerFact[]): Problem {
  const { port } = report.endpoint;
  const rules = inside.firewall.filter((rule) => rule.port === port || rule.port === null);
  const where = formatEndpoint(report.endpoint);
  const seen = report.probes[0]?.seen;
  const silent =
    "no rule of the host's firewall names the port; check the provider's and the network's firewalls";
  const tools = new Set(inside.firewall.map(({ tool }) => tool));
  const open = tools.has("ufw")
    ? `ufw allow ${port}/tcp`
    : tools.has("firewalld")
      ? `firewall-cmd --permanent --add-port=${port}/tcp && firewall-cmd --reload`
      : `iptables -S | grep ${port}`;
  return {
    where,
    says: `the engine listens on TCP ${port}, but ${where} cannot be reached from here`,
    evidence: [
      ...listeners.map(describeListener),
      ...(seen ? [`from here: ${describeObservation(seen)}`] : []),
      ...rules.slice(0, 10).map(({ tool, rule }) => visible(`${tool}: ${rule}`)),
      ...(rules.length === 0 ? [silent] : []),
    ],
    fix: [
      `${open}   # on the host, as root`,
      `open TCP ${port} in the provider's firewall or security group, for the addresses that need it`,
    ],
    severity: report.why === "line" || report.why === "named" ? "medium" : "info",
  };
}

/** Inside and outside compared: it listens, and a firewall is in between. */
export const listeningNotReachable = defineCheck({
  id: "listening-not-reachable",
  states: "network addresses that the engine listens on can be reached",
  needs: ["inside", "outside"],
  severity: "medium",
  consequence: "clients time out although everything looks right on the host",
  reference: "https://docs.docker.com/engine/network/packet-filtering-firewalls/",
  run: ({ inside, endpoints }) =>
    endpoints.filter(isLost).flatMap((report) => {
      const listeners = expected(inside, report);
      return listeners.length > 0 ? [problem(inside, report, listeners)] : [];
    }),
});
