/** The plan of gateway mode: our own process terminates TLS in front of docker's socket, and dockerd listens on no TCP. */
import {
  CLIENT_CA,
  GATEWAY_CLIENTS,
  GATEWAY_CONFIG,
  GATEWAY_LINKS,
  GATEWAY_SERVICE_FILE,
  GATEWAY_SOCKET_FILE,
  GATEWAY_TREES,
  type HostFacts,
  SERVER_CERTIFICATE,
  SERVER_KEY,
} from "../../../facts/index.ts";
import {
  type Change,
  type GatewayAction,
  type Plan,
  type ProgramChange,
  writeUnlessSame,
} from "../change.ts";
import { checkForeignTls } from "../checks/check-foreign-tls.ts";
import { checkGatewayHost, localSocket } from "../checks/check-gateway-host.ts";
import { checkPort } from "../checks/check-host.ts";
import { checkRestart } from "../checks/check-restart.ts";
import { planEnablement } from "../daemon/plan-enablement.ts";
import { planLocalDaemon, runsWithTcp } from "../daemon/plan-local-daemon.ts";
import type { DesiredGateway, DesiredState } from "../desired-state.ts";
import { planCertificates } from "../plan-certificates.ts";
import { closedPorts, exposedPorts, type Survey } from "../survey.ts";
import { planFleet } from "./fleet-files.ts";
import { gatewayConfig, serviceUnit, socketUnit } from "./gateway-files.ts";

function planPrograms({ gateway }: HostFacts, { programs }: DesiredGateway): ProgramChange[] {
  const reason = "the gateway program: sent from here, checksum verified on the host";
  return programs
    .filter(({ path, sha256 }) => gateway.programs.get(path) !== sha256)
    .map((file) => ({
      kind: "program",
      path: file.path,
      before: gateway.programs.get(file.path) ?? null,
      file,
      reason,
    }));
}

function planFiles(facts: HostFacts, desired: DesiredState, { clients }: DesiredGateway): Change[] {
  const socket = localSocket(facts);
  const write = (path: string, after: string, reason: string) =>
    writeUnlessSame(facts.ours.files.get(path), { path, after, mode: "644", reason });
  return [
    ...write(
      GATEWAY_CONFIG,
      gatewayConfig(socket, facts.ours.files.get(GATEWAY_CONFIG)?.text),
      "the gateway's configuration",
    ),
    ...writeUnlessSame(facts.ours.files.get(GATEWAY_CLIENTS), {
      path: GATEWAY_CLIENTS,
      after: clients,
      mode: "600",
      shared: true,
      reason: "the client list: a certificate alone is not enough",
    }),
    ...write(
      GATEWAY_SERVICE_FILE,
      serviceUnit(socket),
      `runs as its own user, which may use ${socket.path} through the group ${socket.group}, and nothing else`,
    ),
    ...write(
      GATEWAY_SOCKET_FILE,
      socketUnit(desired.port),
      "keeps the TCP port open while the gateway restarts",
    ),
  ];
}

function planLinks({ gateway }: HostFacts): Change[] {
  return [...GATEWAY_LINKS]
    .filter(([path]) => !gateway.links.has(path))
    .map(([path, target]) => ({ kind: "link", path, target, reason: "started at boot" }));
}

const READ_AGAIN: ReadonlySet<string> = new Set([SERVER_CERTIFICATE, CLIENT_CA]);

/** A new socket needs a start; settings that only the service reads need only the service. */
function actionFor({ gateway }: HostFacts, changes: readonly Change[], desired: DesiredState): GatewayAction {
  const touched = new Set(changes.map(({ path }) => path));
  const { service, socket } = gateway;
  const listens = socket.state === "active" && socket.ports.includes(desired.port);
  if (!listens || socket.needsReload || touched.has(GATEWAY_SOCKET_FILE)) return "start";
  const runs = service.state === "active" && !service.needsReload && !desired.forceRestart;
  const left = [...touched].filter((path) => path !== GATEWAY_CLIENTS);
  if (!runs || left.some((path) => !READ_AGAIN.has(path))) return "restart";
  return left.length > 0 ? "reload" : "none";
}

// The gateway's first request starts a docker that starts on demand.
function isWokenLocally({ sockets }: HostFacts): boolean {
  return sockets.some(({ active, listens }) => active && listens.some((listen) => listen.startsWith("/")));
}

/**
 * Facts and desired state to plan; pure.
 * @param survey of the same facts
 * @throws PORT_TAKEN, HOST_TLS_FOREIGN, HOST_SYSTEMD_OLD, HOST_TOOL_MISSING, HOST_DISK_FULL, DOCKER_SOCKET_CLOSED:
 *   nothing has been changed then
 */
export function planGateway(
  facts: HostFacts,
  survey: Survey,
  desired: DesiredState,
  gateway: DesiredGateway,
): Plan {
  const { command, json, sockets, apiPorts } = survey;
  const programs = planPrograms(facts, gateway);
  checkForeignTls(facts, survey, desired);
  checkGatewayHost(
    facts,
    programs.map(({ file }) => file),
  );
  checkPort(facts, desired, [...apiPorts, ...facts.gateway.socket.ports]);
  const enablement = isWokenLocally(facts) ? [] : planEnablement(facts);
  const daemon = [...planLocalDaemon(facts, command, json), ...sockets.changes];
  const own = [
    ...planCertificates(facts, desired, { key: SERVER_KEY, certificate: SERVER_CERTIFICATE, ca: CLIENT_CA }),
    ...programs,
    ...planFiles(facts, desired, gateway),
  ];
  const fleet = planFleet(facts);
  const asleep = !facts.service.active && !isWokenLocally(facts);
  const restart = daemon.length > 0 || runsWithTcp(facts) || asleep;
  return {
    changes: [...own, ...daemon, ...enablement, ...planLinks(facts), ...fleet.changes],
    stopSockets: sockets.stop,
    restartSockets: sockets.restart,
    restart,
    gateway: actionFor(facts, own, desired),
    fleet: fleet.action,
    trees: GATEWAY_TREES,
    warnings: restart ? checkRestart(facts) : [],
    exposedPorts: exposedPorts(survey, desired.plainPorts),
    closedPorts: closedPorts(survey, desired.port),
  };
}
