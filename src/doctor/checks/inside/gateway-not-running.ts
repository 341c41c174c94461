import { visible } from "../../../base/index.ts";
import { GATEWAY_LINKS, GATEWAY_SERVICE, GATEWAY_SOCKET, GATEWAY_SOCKET_FILE } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import type { Inside, Subject } from "../../subject.ts";

const WHY = `journalctl -u ${GATEWAY_SERVICE} -n 20 --no-pager   # on the host: the reason`;
/** An inactive service is started by the next connection to its socket; in these states it has failed. */
const FALLEN = new Set(["failed", "activating"]);

function problems(subject: Subject, { facts: { gateway } }: Inside): Problem[] {
  const { service, socket, links } = gateway;
  const missing = [...GATEWAY_LINKS.keys()].filter((path) => !links.has(path));
  const evidence = [
    visible(`systemd: ${GATEWAY_SOCKET} is ${socket.state}, ${GATEWAY_SERVICE} is ${service.state}`),
  ];
  if (socket.state !== "active" || FALLEN.has(service.state))
    return [
      {
        where: socket.state === "active" ? GATEWAY_SERVICE : GATEWAY_SOCKET,
        says: "the gateway is installed but not running",
        evidence,
        fix: [upCommand(subject), WHY],
      },
    ];
  if (missing.length === 0) return [];
  return [
    {
      where: GATEWAY_SOCKET,
      says: "the gateway runs, but does not start at boot",
      evidence: missing.map((path) => `${path} is missing`),
      fix: [
        upCommand(subject),
        `systemctl enable ${GATEWAY_SOCKET} ${GATEWAY_SERVICE}   # on the host, as root`,
      ],
    },
  ];
}

/** In gateway mode dockerd listens on no TCP: without the gateway nobody outside gets an answer. */
export const gatewayNotRunning = defineCheck({
  id: "gateway-not-running",
  states: "an installed gateway runs and starts at boot",
  needs: ["inside"],
  severity: "medium",
  consequence: "clients cannot connect; docker and its containers keep running",
  reference: "tetherdock help gateway",
  fixedByUp: true,
  run: (subject) => {
    const { inside } = subject;
    const installed = inside.facts.ours.files.has(GATEWAY_SOCKET_FILE);
    return installed ? problems(subject, inside) : [];
  },
});
