/** What a host needs besides docker to run the gateway. Found before anything is changed. */
import { TetherdockError } from "../../../base/index.ts";
import type { HostFacts, LocalSocketFact } from "../../../facts/index.ts";
import type { ProgramFile } from "../change.ts";

// The first version with LoadCredential=.
const MIN_SYSTEMD = 247;
const KIB = 1024;

function checkRoom(facts: HostFacts, missing: readonly ProgramFile[]): void {
  // Twice: the new file arrives beside its final place, and the old one is kept until the change is confirmed.
  const needed = Math.ceil((2 * missing.reduce((sum, { bytes }) => sum + bytes, 0)) / KIB);
  if (facts.programFreeKiB.every((free) => free >= needed)) return;
  throw new TetherdockError("HOST_DISK_FULL", "the host's disk has no room for the gateway", {
    why: [
      `needed: ${needed} KiB; free below /opt and /var/tmp: ${facts.programFreeKiB.map((free) => `${free} KiB`).join(", ")}`,
    ],
    hints: ["df -h /opt /var/tmp"],
    retype: [{ option: "native", remark: "needs almost no space" }],
  });
}

/**
 * @param missing files to send
 * @throws HOST_SYSTEMD_OLD, HOST_TOOL_MISSING, HOST_DISK_FULL
 */
export function checkGatewayHost(facts: HostFacts, missing: readonly ProgramFile[]): void {
  if (facts.systemdVersion < MIN_SYSTEMD)
    throw new TetherdockError("HOST_SYSTEMD_OLD", "the host's systemd is too old for the gateway", {
      why: [`it is ${facts.systemdVersion}; passing the key safely needs ${MIN_SYSTEMD}`],
      retype: [{ option: "native" }],
    });
  // The gateway locks its client list with flock(1); files are sent compressed.
  const lacking = ["flock", ...(missing.length > 0 ? ["gzip"] : [])].filter((tool) => !facts.tools.has(tool));
  if (lacking.length > 0)
    throw new TetherdockError("HOST_TOOL_MISSING", `the host lacks ${lacking.join(" and ")}`, {
      hints: ["install what is missing on the host, then run this again"],
    });
  checkRoom(facts, missing);
}

const GROUP_MAY = 0o060;

/**
 * The socket where the gateway reaches docker.
 * @throws DOCKER_SOCKET_CLOSED when no group may use it
 */
export function localSocket({ localSockets }: HostFacts): LocalSocketFact {
  // Missing while docker is down: then it will be at the usual path.
  const [socket = { path: "/run/docker.sock", group: "docker", mode: "660" }] = localSockets;
  if ((Number.parseInt(socket.mode, 8) & GROUP_MAY) === GROUP_MAY) return socket;
  throw new TetherdockError("DOCKER_SOCKET_CLOSED", `only root can use ${socket.path} on the host`, {
    why: [`its mode is ${socket.mode}: the gateway does not run as root and could not use it`],
    hints: ["systemctl cat docker.socket   # on the host: SocketMode=0660 and SocketGroup=docker are usual"],
    retype: [{ option: "native" }],
  });
}
