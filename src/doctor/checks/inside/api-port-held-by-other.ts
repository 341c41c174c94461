import { shellQuote, visible } from "../../../base/index.ts";
import type { ListenerFact } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { classifyEndpoint } from "../../endpoint-view.ts";
import { describeListener, foreignOn, isOpen, wantedPorts, whoListens } from "../../listening.ts";
import type { Inside, Subject } from "../../subject.ts";

/** What is wrong with somebody else's listening there; null when nothing is, or another check says it. */
function verdict(subject: Subject, inside: Inside, port: number): Pick<Problem, "says" | "severity"> | null {
  const { line } = subject;
  const reports = subject.endpoints.filter(({ endpoint }) => endpoint.port === port);
  const command = visible(foreignOn(inside, port)[0]?.holders[0]?.command ?? "another process");
  // socket-published names the container
  if (inside.containers.some(({ publishedPorts }) => publishedPorts.includes(port))) return null;
  if (reports.some(isOpen))
    return {
      says: `TCP ${port} serves the Docker API, and the process that listens is ${command}, not dockerd`,
      severity: "high",
    };
  if (reports.some((report) => classifyEndpoint(report) === "docker")) return null; // proxy-in-front
  if (wantedPorts(inside).includes(port))
    return {
      says: `${command} holds TCP ${port}, where dockerd is configured to listen`,
      severity: "medium",
    };
  const isClosed = reports.every((report) => classifyEndpoint(report) === "closed"); // else not-docker and its like
  if (line?.endpoint.port !== port || !isClosed) return null;
  return { says: `${command} holds TCP ${port}, the port of line ${line.name}`, severity: "medium" };
}

function fixFor(port: number, listener: ListenerFact): string {
  const [holder] = listener.holders;
  // docker-proxy's unit is docker's own
  if (holder?.command === "docker-proxy") return whoListens(port, [listener]);
  const ask = "   # on the host, as root: what is it, and who needs it?";
  return holder?.unit
    ? `systemctl status ${shellQuote(visible(holder.unit))}${ask}`
    : `ps -fp ${holder?.pid}${ask}`;
}

/** "Closed in the unit, but a second process serves it." */
export const apiPortHeldByOther = defineCheck({
  id: "api-port-held-by-other",
  states: "only dockerd listens on the API's ports",
  needs: ["inside", "outside"],
  severity: "medium",
  consequence:
    "dockerd's settings do not apply to this port: the other process decides who gets in, and dockerd cannot listen there",
  reference: "https://docs.docker.com/engine/security/protect-access/",
  run: (subject) => {
    const { inside, line, endpoints } = subject;
    const ports = new Set([
      ...endpoints.map(({ endpoint }) => endpoint.port),
      ...(line ? [line.endpoint.port] : []),
      ...wantedPorts(inside),
    ]);
    return [...ports].flatMap((port) => {
      const listeners = foreignOn(inside, port);
      const [first] = listeners;
      const found = first && verdict(subject, inside, port);
      if (!found) return [];
      return [
        {
          where: `TCP ${port}`,
          ...found,
          evidence: listeners.map(describeListener),
          fix: [fixFor(port, first)],
        },
      ];
    });
  },
});
