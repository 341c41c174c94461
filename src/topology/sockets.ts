/** The sockets that may lead to the engine: what the kernel says listens, held against what systemd and dockerd say. */

import type { Inside } from "../doctor/index.ts";
import type { ListenerFact } from "../facts/index.ts";
import { GATEWAY_SOCKET, type HostFacts, inetPort, runningSettings, tcpPorts } from "../facts/index.ts";
import { canonicalPath } from "./local-ways.ts";

const DEFAULT_SOCKET = "/run/docker.sock";

/** A listening socket. */
export interface Socket {
  readonly address: string;
  readonly port: number | null;
  /** The socket unit that opened it: one of docker's, or the gateway's. */
  readonly unit: string | null;
  readonly holders: ListenerFact["holders"];
}

function unitOf({ sockets, gateway }: HostFacts, address: string): string | null {
  const port = inetPort(address);
  if (port !== null && gateway.socket.ports.includes(port)) return GATEWAY_SOCKET;
  const opened = sockets.find(
    ({ active, listens }) => active && listens.some((listen) => canonicalPath(listen) === address),
  );
  return opened?.unit ?? null;
}

/** The listeners that the kernel reports; those that systemd reports if the kernel was not asked. */
export function allSockets({ facts, listeners }: Inside): Socket[] {
  const held = listeners.map(({ address, port, holders }) => {
    const canonical = canonicalPath(address);
    return { address: canonical, port, unit: unitOf(facts, canonical), holders };
  });
  const claimed = facts.sockets
    .filter(({ active }) => active)
    .flatMap(({ unit, listens }) => listens.map((listen) => ({ unit, address: canonicalPath(listen) })))
    .filter(({ address }) => held.every((socket) => socket.address !== address))
    .map(({ unit, address }) => ({ address, port: inetPort(address), unit, holders: [] }));
  return [...held, ...claimed];
}

/** @param command as /proc/PID/comm has it */
export function heldBy({ holders }: Socket, command: string): boolean {
  return holders.some((holder) => holder.command === command);
}

/** dockerd listens on other things too (swarm, metrics): only what was given as a host is the API. */
export function apiAddresses(inside: Inside): { ports: Set<number>; paths: Set<string> } {
  const settings = runningSettings(inside);
  const { hosts } = settings;
  const unix = hosts.filter((host) => host.startsWith("unix://")).map((host) => host.slice("unix://".length));
  return {
    ports: new Set(tcpPorts(settings)),
    paths: new Set(
      hosts.length === 0 ? [DEFAULT_SOCKET] : unix.map((path) => canonicalPath(path || DEFAULT_SOCKET)),
    ),
  };
}
