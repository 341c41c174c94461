import { visible } from "../../../base/index.ts";
import { readDaemonJson, settingsInBothPlaces } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { foreignOn, wantedPorts } from "../../listening.ts";
import type { Inside } from "../../subject.ts";

const INSTALL = "apt-get install docker.io   # on the host, as root; or Docker's own packages";
const WHY = "journalctl -u docker.service -n 20 --no-pager   # on the host: the reason";

/** Causes that prevent dockerd from starting have their own checks: one finding for each cause. */
function isToldElsewhere(inside: Inside): boolean {
  const { facts, unitCommandLine } = inside;
  if (wantedPorts(inside).some((port) => foreignOn(inside, port).length > 0)) return true;
  return !readDaemonJson(facts.daemonJson).ok || settingsInBothPlaces(facts, unitCommandLine).length > 0;
}

function problem({ facts: { service, sockets } }: Inside): Problem {
  const where = "docker.service";
  const evidence = [
    visible(`systemd: LoadState=${service.loadState}, ${service.unitFileState || "no unit file state"}`),
  ];
  if (service.loadState === "masked")
    return {
      where,
      says: "docker.service is masked: nothing can start it",
      evidence,
      fix: ["systemctl unmask docker.service docker.socket   # on the host, as root"],
    };
  if (service.loadState !== "loaded")
    return { where, says: "docker is not installed on the host", evidence, fix: [INSTALL] };
  const stopped = sockets.map(({ unit, active }) =>
    visible(`${unit} is ${active ? "active" : "not active"}`),
  );
  return {
    where,
    says: "docker.service is not running, and no socket starts it",
    evidence: [...evidence, ...stopped],
    fix: ["systemctl start docker.socket docker.service   # on the host, as root", WHY],
  };
}

/** Without an engine there is no API. A daemon that its socket starts on demand counts as running. */
export const dockerNotRunning = defineCheck({
  id: "docker-not-running",
  states: "dockerd runs, or a socket starts it on demand",
  needs: ["inside"],
  severity: "medium",
  consequence: "no client can connect, neither from here nor on the host",
  reference: "https://docs.docker.com/engine/daemon/start/",
  run: ({ inside }) => {
    const { service, sockets } = inside.facts;
    const onDemand = service.loadState === "loaded" && sockets.some(({ active }) => active);
    if (service.active || onDemand || isToldElsewhere(inside)) return [];
    return [problem(inside)];
  },
});
