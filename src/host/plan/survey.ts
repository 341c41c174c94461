/** How the host serves docker's API now, according to files and flags. */
import { TetherdockError } from "../../base/index.ts";
import { PLAIN_PORT } from "../../engine/index.ts";
import {
  type DaemonJson,
  type HostFacts,
  jsonHosts,
  jsonTls,
  tcpPorts,
  verifiesClients,
} from "../../facts/index.ts";
import { checkHost } from "./checks/check-host.ts";
import { type DaemonCommand, daemonCommand } from "./daemon/daemon-command.ts";
import { requireDaemonJson } from "./daemon/daemon-json.ts";
import { planSockets, type SocketPlan } from "./daemon/plan-sockets.ts";

/** The facts, understood. */
export interface Survey {
  readonly command: DaemonCommand;
  readonly json: DaemonJson;
  readonly sockets: SocketPlan;
  /** TCP ports that systemd or dockerd opens for the API. Only a probe shows whether with TLS. */
  readonly apiPorts: readonly number[];
  /** Whether flags or daemon.json require client certificates; an old daemon may ignore them. */
  readonly claimsTls: boolean;
}

/**
 * Each is probed at each address. More than a few are not docker's, and leaving some out would hide what they serve.
 */
const MAX_API_PORTS = 16;

function requireFewPorts(ports: readonly number[]): void {
  if (ports.length <= MAX_API_PORTS) return;
  throw new TetherdockError(
    "UNIT_UNREADABLE",
    `docker is configured to listen on ${ports.length} TCP ports`,
    {
      why: [`each must be probed from here, and the limit is ${MAX_API_PORTS}`],
      hints: ["systemctl cat docker.socket docker.service   # on the host: which of them are needed?"],
    },
  );
}

/**
 * @param now the laptop's time, milliseconds since the epoch
 * @throws HOST_NO_SYSTEMD, DOCKER_MISSING, DOCKER_MASKED, HOST_DISK_FULL, HOST_CLOCK_OFF, HOST_TOOL_MISSING,
 *   UNIT_UNREADABLE, DAEMON_JSON_BROKEN
 */
export function surveyHost(facts: HostFacts, now: number): Survey {
  checkHost(facts, now);
  const command = daemonCommand(facts);
  const json = requireDaemonJson(facts.daemonJson);
  const sockets = planSockets(facts);
  const daemonPorts = tcpPorts({
    hosts: [...command.hosts, ...(jsonHosts(json) ?? [])],
    tls: new Map([...jsonTls(json), ...command.tls]),
  });
  const apiPorts = [...new Set([...sockets.ports, ...daemonPorts])];
  requireFewPorts(apiPorts);
  const claimsTls = verifiesClients(command.tls) || verifiesClients(jsonTls(json));
  return { command, json, sockets, apiPorts, claimsTls };
}

// With both, dockerd does not start (moby#25471), so these settings open nothing.
function keepsFromStarting({ command, json }: Survey): boolean {
  return jsonHosts(json) !== null && command.hosts.length > 0;
}

/** TCP ports that must not answer as an engine once the line has its own; 2375 is probed on every host. */
export function closedPorts({ apiPorts }: Survey, own: number): number[] {
  return [...new Set([PLAIN_PORT, ...apiPorts])].filter((port) => port !== own);
}

/**
 * The ports that serve the API to everybody: all of them if no settings mention TLS, otherwise those that a probe found
 * open.
 * @param plain ports that answered a plain request from outside
 */
export function exposedPorts(survey: Survey, plain: ReadonlySet<number>): number[] {
  const harmless = survey.claimsTls || keepsFromStarting(survey);
  return survey.apiPorts.filter((port) => !harmless || plain.has(port));
}
