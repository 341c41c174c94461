/** Reasons not to start. Everything here is found before anything is changed. */
import { MINUTE_MS, TetherdockError } from "../../../base/index.ts";
import {
  clockSkew,
  describeListener,
  type HostFacts,
  isDiskFull,
  listenersOn,
  readDaemonFlags,
  tcpPorts,
} from "../../../facts/index.ts";
import type { DesiredState } from "../desired-state.ts";

/** Problems of the host, before units are read. */
export function checkHost(facts: HostFacts, now: number): void {
  const { service, tools } = facts;
  if (!facts.hasSystemd)
    throw new TetherdockError("HOST_NO_SYSTEMD", "the host does not run systemd", {
      hints: [
        "set up dockerd by hand: see tetherdock help security, then check it with your own certificate",
      ],
    });
  if (service.loadState === "masked")
    throw new TetherdockError("DOCKER_MASKED", "docker.service is masked on the host", {
      why: ["somebody has prevented it from starting"],
      hints: ["systemctl unmask docker.service"],
    });
  if (service.loadState !== "loaded" || !tools.has("docker"))
    throw new TetherdockError("DOCKER_MISSING", "there is no docker.service on the host", {
      why: [`systemd says ${service.loadState}; the host is ${facts.os.name}`],
      hints: [
        /debian|ubuntu/.test(facts.os.id) ? "apt-get install docker.io" : "install Docker Engine on the host",
      ],
    });
  const missing = ["systemd-run", "sha256sum"].filter((tool) => !tools.has(tool));
  if (!tools.has("openssl") && !tools.has("ssh-keygen")) missing.push("openssl or ssh-keygen");
  if (missing.length > 0)
    throw new TetherdockError("HOST_TOOL_MISSING", `the host lacks ${missing.join(" and ")}`, {
      hints: ["install what is missing on the host, then run this again"],
    });
  checkDisk(facts);
  checkClock(facts, now);
}

function checkDisk(facts: HostFacts): void {
  if (!isDiskFull(facts)) return;
  throw new TetherdockError("HOST_DISK_FULL", "the host's disk is full", {
    why: [`free below /etc and /var/lib: ${facts.freeKiB.map((free) => `${free} KiB`).join(", ")}`],
    hints: ["df -h /etc /var/lib", "docker system df"],
  });
}

function checkClock(facts: HostFacts, now: number): void {
  const skew = clockSkew(facts, now);
  if (skew === null) return;
  const minutes = Math.round(Math.abs(skew) / MINUTE_MS);
  throw new TetherdockError("HOST_CLOCK_OFF", `the clocks differ by ${minutes} minutes`, {
    why: [
      `the host is ${skew > 0 ? "ahead of" : "behind"} this machine; certificates would not be valid on one side`,
    ],
    hints: ["timedatectl set-ntp true", "date -u   # on both machines: which one is right?"],
  });
}

// If the holders cannot be seen, the flags of the running daemon show its ports.
function isDaemons({ listeners, commandLine }: HostFacts, port: number): boolean {
  const held = listenersOn({ listeners }, port).filter(({ holders }) => holders.length > 0);
  if (held.length > 0)
    return held.every(({ holders }) => holders.some(({ command }) => command === "dockerd"));
  return tcpPorts(readDaemonFlags(commandLine.map((value) => ({ raw: value, value })))).includes(port);
}

const HIGHEST_PORT = 65_535;

function nextFree({ listeners }: HostFacts, taken: number): number {
  const inUse = new Set(listeners.map(({ port }) => port));
  let port = taken + 1;
  while (inUse.has(port) && port < HIGHEST_PORT) port++;
  return Math.min(port, HIGHEST_PORT);
}

/** The port must be free, or belong to what this plan replaces. */
export function checkPort(facts: HostFacts, desired: DesiredState, released: readonly number[]): void {
  const found = listenersOn(facts, desired.port);
  if (found.length === 0 || released.includes(desired.port)) return;
  if (isDaemons(facts, desired.port)) return;
  throw new TetherdockError("PORT_TAKEN", `TCP ${desired.port} on the host is already in use`, {
    why: found.map(describeListener),
    hints: [`ss -ltnp 'sport = :${desired.port}'   # on the host: which process is it?`],
    retype: [{ option: "port", port: nextFree(facts, desired.port) }],
  });
}
