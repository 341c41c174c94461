/** The plan of native mode: dockerd listens on TCP itself, with TLS and client certificates, and nothing else does. */
import type { HostFacts } from "../facts/host-facts.ts";
import { CLIENT_CA, SERVER_CERTIFICATE, SERVER_KEY } from "../paths.ts";
import type { Change, Plan } from "./change.ts";
import { checkForeignTls, checkHost, checkPort, daemonPorts, plainPorts } from "./check-host.ts";
import { type DaemonCommand, daemonCommand } from "./daemon-command.ts";
import { jsonHosts, readDaemonJson } from "./daemon-json.ts";
import { planCertificates } from "./plan-certificates.ts";
import { planDaemon, tlsFlags } from "./plan-daemon.ts";
import { planEnablement } from "./plan-enablement.ts";
import { planSockets } from "./plan-sockets.ts";
import { restartWarnings } from "./restart-warnings.ts";
import type { Wish } from "./wish.ts";

/** The port that dockerd's manual gives to plain HTTP: it is probed on every host. */
export const PLAIN_PORT = 2375;

/** Whether the daemon that runs now was started with what the files say. */
function runsAsPlanned(facts: HostFacts, command: DaemonCommand, byJson: boolean, port: number): boolean {
  if (!facts.service.active || !facts.listeningPorts.has(port)) return false;
  if (byJson) return true;
  return tlsFlags(port)
    .split(" ")
    .every((flag) => facts.commandLine.includes(flag) || command.tls.size > 0);
}

/**
 * Facts and wish to plan; pure.
 * @throws HOST_NO_SYSTEMD, DOCKER_MISSING, DOCKER_MASKED, HOST_DISK_FULL, HOST_CLOCK_OFF, HOST_TOOL_MISSING,
 *   UNIT_UNREADABLE, DAEMON_JSON_BROKEN, PORT_TAKEN, HOST_TLS_FOREIGN: nothing has been changed then
 */
export function planNative(facts: HostFacts, wish: Wish): Plan {
  checkHost(facts, wish.now);
  const command = daemonCommand(facts);
  const json = readDaemonJson(facts.daemonJson);
  checkForeignTls(command, json, wish, CLIENT_CA);
  const sockets = planSockets(facts);
  const released = [...sockets.ports, ...daemonPorts(command, json)];
  checkPort(facts, wish, released);
  const changes: Change[] = [
    ...planCertificates(facts, wish, { key: SERVER_KEY, certificate: SERVER_CERTIFICATE, ca: CLIENT_CA }),
    ...planDaemon(facts, command, json, wish.port),
    ...planEnablement(facts),
    ...sockets.changes,
  ];
  const asPlanned = runsAsPlanned(facts, command, jsonHosts(json) !== null, wish.port);
  const restart = changes.length > 0 || !asPlanned || wish.forceRestart;
  return {
    changes,
    stopSockets: sockets.stop,
    restartSockets: sockets.restart,
    restart,
    warnings: restart ? restartWarnings(facts) : [],
    exposedPorts: [...new Set([...sockets.ports, ...plainPorts(command, json)])],
    closedPorts: [...new Set([PLAIN_PORT, ...released])].filter((port) => port !== wish.port),
  };
}
