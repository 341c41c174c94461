/** Makes the topology, the paths to the engine, from both inspections. */

import type { EndpointReport, Inside, Subject } from "../doctor/index.ts";
import { classifyEndpoint } from "../doctor/index.ts";
import { formatEndpoint } from "../engine/index.ts";
import { GATEWAY_SOCKET, inetPort, isLoopback, listenHost } from "../facts/index.ts";
import { localWays } from "./local-ways.ts";
import { allSockets, apiAddresses, heldBy, type Socket } from "./sockets.ts";
import { isRefused, tcpWay } from "./tcp-way.ts";
import type { Entrance, GatewayClients, Topology } from "./topology.ts";

function containerOn({ containers }: Inside, port: number | null) {
  return containers.find(
    ({ mountsSocket, publishedPorts }) => mountsSocket && port !== null && publishedPorts.includes(port),
  );
}

function viaOf(
  inside: Inside,
  socket: Socket,
  reports: readonly EndpointReport[],
): Pick<Entrance, "via" | "hop"> {
  // Also opened by systemd; but what it passes to docker is not a socket.
  if (socket.unit === GATEWAY_SOCKET)
    return { via: { name: "systemd > gateway", detail: GATEWAY_SOCKET }, hop: "unix" };
  if (socket.unit !== null) return { via: { name: "systemd", detail: socket.unit }, hop: "fd://" };
  const container = containerOn(inside, socket.port);
  if (container) return { via: { name: "container", detail: container.name }, hop: "unix" };
  if (heldBy(socket, "dockerd")) return { via: null, hop: "" };
  const [holder] = socket.holders;
  return {
    via: { name: holder?.command ?? "?", detail: holder?.unit ?? "holder not seen" },
    // How it continues was not seen, only that an engine answers through it.
    hop: reports.some((report) => classifyEndpoint(report) === "docker") ? "passes on" : "?",
  };
}

function concerns(inside: Inside, endpoints: readonly EndpointReport[]) {
  const { ports, paths } = apiAddresses(inside);
  const tried = new Set(
    endpoints
      .filter((report) => ["docker", "guarded"].includes(classifyEndpoint(report)))
      .map((report) => report.endpoint.port),
  );
  return (socket: Socket): boolean => {
    if (socket.unit !== null || containerOn(inside, socket.port)) return true;
    if (socket.port === null) return paths.has(socket.address);
    return tried.has(socket.port) || (ports.has(socket.port) && heldBy(socket, "dockerd"));
  };
}

function toEntrance(
  inside: Inside,
  endpoints: readonly EndpointReport[],
  onList: GatewayClients,
  socket: Socket,
): Entrance {
  const { address, port, unit } = socket;
  const reports = endpoints.filter(({ endpoint }) => endpoint.port === port);
  const clients = unit === GATEWAY_SOCKET ? onList : null;
  const base = { addresses: [address], ...viaOf(inside, socket, reports), clients };
  if (port === null) return { ...base, transport: "unix", ways: localWays(inside, address) };
  return {
    ...base,
    transport: "tcp",
    ways: [tcpWay(reports, isLoopback(listenHost(address)), clients !== null)],
  };
}

/** One socket on several addresses is one entrance. */
function merge(entrances: readonly Entrance[]): Entrance[] {
  const key = ({ transport, addresses, via, ways }: Entrance) =>
    JSON.stringify([transport, inetPort(addresses[0] ?? ""), via, ways, transport === "unix" && addresses]);
  const groups = Map.groupBy(entrances, key);
  return [...groups.values()].flatMap((same) =>
    same.slice(0, 1).map((one) => ({ ...one, addresses: same.flatMap(({ addresses }) => addresses) })),
  );
}

function sshEntrance(sockets: readonly Socket[]): Entrance[] {
  const sshd = sockets.filter((socket) => socket.port !== null && heldBy(socket, "sshd"));
  if (sshd.length === 0) return [];
  return [
    {
      transport: "ssh",
      addresses: sshd.map(({ address }) => address),
      via: { name: "sshd", detail: "shell, or ssh://" },
      hop: "unix",
      ways: [{ who: "ssh logins", access: "guarded", says: "as root or in group docker" }],
      clients: null,
    },
  ];
}

/** What answers outside though nothing inside was seen to listen: no look inside, or a forwarding in between. */
function unseen(
  { endpoints, inside, line }: Subject,
  sockets: readonly Socket[],
  onList: GatewayClients,
): Entrance[] {
  // Without a look from inside, only the line knows that a gateway stands there.
  const isGateway = (report: EndpointReport) =>
    !inside && line?.mode === "gateway" && report.endpoint.port === line.endpoint.port;
  const found = endpoints.filter(
    (report) =>
      !["closed", "other"].includes(classifyEndpoint(report)) &&
      sockets.every(({ port }) => port !== report.endpoint.port),
  );
  const holder = onList.known ? "gateway" : "gateway?";
  return found.map((report) => ({
    transport: "tcp",
    addresses: [formatEndpoint(report.endpoint)],
    via: { name: isGateway(report) ? holder : "?", detail: inside ? "holder not seen" : "not looked at" },
    hop: "?",
    ways: [tcpWay([report], false, isGateway(report))],
    clients: isGateway(report) ? onList : null,
  }));
}

const NOT_READ: GatewayClients = { known: false, why: "it was not asked for" };

function daemonText(inside: Inside | null): string {
  if (!inside) return "";
  const { engine, commandLine, service } = inside.facts;
  if (engine) return engine.version;
  return commandLine.length > 0 || service.active ? "running" : "not running";
}

/**
 * The paths to the engine.
 * @param subject either look may be missing; then what it would have shown is marked as not seen
 * @param onList the clients of its gateway, if there is one
 */
export function topologyOf(subject: Subject, onList: GatewayClients = NOT_READ): Topology {
  const { name, now, inside, endpoints } = subject;
  const sockets = inside ? allSockets(inside) : [];
  const entrances = inside
    ? sockets
        .filter(concerns(inside, endpoints))
        .map((socket) => toEntrance(inside, endpoints, onList, socket))
        .sort((one, other) => Number(one.transport === "tcp") - Number(other.transport === "tcp"))
    : [];
  const listening = new Set(entrances.flatMap(({ addresses }) => addresses.map(inetPort)));
  const closed = endpoints.filter(
    (report) => classifyEndpoint(report) === "closed" && !listening.has(report.endpoint.port),
  );
  return {
    name,
    at: new Date(now).toISOString(),
    daemon: daemonText(inside),
    entrances: [...merge(entrances), ...unseen(subject, sockets, onList), ...sshEntrance(sockets)],
    closed: closed.filter(isRefused).map(({ endpoint }) => formatEndpoint(endpoint)),
    unreached: closed.filter((report) => !isRefused(report)).map(({ endpoint }) => formatEndpoint(endpoint)),
  };
}
