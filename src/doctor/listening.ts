/** Questions that several checks ask of listeners (inside) and endpoints (outside). */
import { outcomeOf } from "../engine/index.ts";
import {
  type HostFacts,
  inetPort,
  isLoopback,
  type ListenerFact,
  listenersOn,
  listenHost,
  mergedList,
  nextSettings,
  type SocketFact,
  tcpPorts,
} from "../facts/index.ts";
import { seenBy } from "./endpoint-view.ts";
import type { EndpointReport, Inside } from "./subject.ts";

export { describeListener, listenersOn } from "../facts/index.ts";

type Holder = ListenerFact["holders"][number];

/** dockerd's names: the daemon was `docker -d` and `docker daemon` before 1.12. */
const ENGINE = new Set(["dockerd", "docker"]);

/** Whether the holder is the engine itself. */
export function isEngine({ command }: Holder): boolean {
  return ENGINE.has(command);
}

/** Whether only the host itself can reach it. */
export function isLocalOnly({ address }: ListenerFact): boolean {
  return isLoopback(listenHost(address));
}

/** Whether a connection to this host name or address would arrive at the listener, were nothing in between. */
export function listensFor(listener: ListenerFact, host: string): boolean {
  const own = listenHost(listener.address);
  // dockerd's 0.0.0.0 becomes [::], which takes IPv4 as well (Go, net.Listen)
  if (own === "::") return true;
  const isV6 = host.includes(":");
  if (own === "0.0.0.0") return !isV6;
  return !isLocalOnly(listener) && own === host;
}

/** TCP ports on which systemd listens, or would at the next boot, for docker.service. */
export function inetPorts(socket: SocketFact): number[] {
  const written = mergedList(socket.units, "Socket", "ListenStream").map(({ value }) => value);
  const listens = socket.active ? socket.listens : socket.links.length > 0 ? written : [];
  return [...new Set(listens.map(inetPort).filter((port) => port !== null))];
}

/** The socket unit by which systemd listens on the port for docker.service. */
export function socketUnitOn({ sockets }: HostFacts, port: number): SocketFact | undefined {
  return sockets.find((socket) => socket.active && inetPorts(socket).includes(port));
}

/**
 * TCP ports on which systemd listens for a docker that does not run: a connection would start it, and looking is to
 * change nothing.
 */
export function portsThatStartDocker({ facts: { service, sockets } }: Inside): number[] {
  return service.active ? [] : sockets.filter(({ active }) => active).flatMap(inetPorts);
}

/** The command that tells what listens on the port; a container's port is held by docker-proxy for it. */
export function whoListens(port: number, listeners: readonly ListenerFact[]): string {
  const isContainer = listeners.some(({ holders }) =>
    holders.some(({ command }) => command === "docker-proxy"),
  );
  return isContainer
    ? `docker ps --filter publish=${port}   # on the host: which container is it?`
    : `ss -ltnp 'sport = :${port}'   # on the host, as root: what is it?`;
}

/** Whether it is our gateway, by systemd's socket, that listens there for the engine. */
export function isGatewayPort({ gateway }: HostFacts, port: number): boolean {
  return gateway.socket.ports.includes(port);
}

/** Somebody else's listeners on the port: neither dockerd, nor systemd for docker.service or the gateway. */
export function foreignOn(inside: Inside, port: number): ListenerFact[] {
  if (socketUnitOn(inside.facts, port) || isGatewayPort(inside.facts, port)) return [];
  return listenersOn(inside, port).filter(
    ({ holders }) => holders.length > 0 && !holders.some((holder) => isEngine(holder)),
  );
}

/** TCP ports on which dockerd would listen after a start now. */
export function wantedPorts(inside: Inside): number[] {
  return tcpPorts(nextSettings(inside));
}

/** Whether the API answers plain HTTP there. */
export function isPlain(report: EndpointReport): boolean {
  const seen = seenBy(report, "plain");
  return seen !== undefined && outcomeOf("plain", seen) === "admitted";
}

/** Whether the API answers there somebody who has no business with it. */
export function isOpen(report: EndpointReport): boolean {
  return report.probes.some(
    ({ caller, seen }) => caller !== "line" && outcomeOf(caller, seen) === "admitted",
  );
}
