/** The plan of native mode: dockerd listens on TCP itself, with TLS and client certificates, and nothing else does. */
import {
  CLIENT_CA,
  type HostFacts,
  jsonHosts,
  listenersOn,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../../facts/index.ts";
import type { Change, Plan } from "./change.ts";
import { checkForeignTls } from "./checks/check-foreign-tls.ts";
import { checkPort } from "./checks/check-host.ts";
import { checkRestart } from "./checks/check-restart.ts";
import { planDaemon, tlsFlags } from "./daemon/plan-daemon.ts";
import { planEnablement } from "./daemon/plan-enablement.ts";
import type { DesiredState } from "./desired-state.ts";
import { planWithoutGateway } from "./gateway/plan-without-gateway.ts";
import { planCertificates } from "./plan-certificates.ts";
import { closedPorts, exposedPorts, type Survey } from "./survey.ts";

/** Whether the daemon that runs now was started with what the files say; with daemon.json only a probe can tell. */
function runsAsPlanned(facts: HostFacts, byJson: boolean, port: number): boolean {
  if (!facts.service.active || listenersOn(facts, port).length === 0) return false;
  const flags = tlsFlags(port).split(" ");
  return byJson || flags.every((flag) => facts.commandLine.includes(flag));
}

/**
 * Facts and desired state to plan; pure.
 * @param survey of the same facts
 * @throws PORT_TAKEN, HOST_TLS_FOREIGN: nothing has been changed then
 */
export function planNative(facts: HostFacts, survey: Survey, desired: DesiredState): Plan {
  const { command, json, sockets, apiPorts } = survey;
  checkForeignTls(facts, survey, desired);
  checkPort(facts, desired, [...apiPorts, ...facts.gateway.socket.ports]);
  const without = planWithoutGateway(facts);
  const changes: Change[] = [
    ...planCertificates(facts, desired, { key: SERVER_KEY, certificate: SERVER_CERTIFICATE, ca: CLIENT_CA }),
    ...planDaemon(facts, command, json, desired.port),
    ...planEnablement(facts),
    ...sockets.changes,
    ...without.changes,
  ];
  const asPlanned = runsAsPlanned(facts, jsonHosts(json) !== null, desired.port);
  const restart = changes.length > 0 || !asPlanned || desired.forceRestart;
  return {
    changes,
    stopSockets: sockets.stop,
    restartSockets: sockets.restart,
    restart,
    gateway: without.action,
    fleet: without.fleet,
    trees: [],
    warnings: [...(restart ? checkRestart(facts) : []), ...without.warnings],
    exposedPorts: exposedPorts(survey, desired.plainPorts),
    closedPorts: closedPorts(survey, desired.port),
  };
}
