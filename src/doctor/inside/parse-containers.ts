/** Running containers that have the engine's socket. */
import { json } from "../../base/index.ts";
import type { SocketContainerFact } from "../subject.ts";

// A mount of a folder above the socket includes the socket.
const BRINGS_SOCKET = new Set(["/", "/run", "/var/run", "/run/docker.sock", "/var/run/docker.sock"]);

/** The script sends a megabyte of them; a host that sends more is not read on. */
const MAX_CONTAINERS = 4096;

function object(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function sourcesOf(mounts: unknown): string[] {
  return (Array.isArray(mounts) ? mounts : []).map((mount) => json.textOf(object(mount)["Source"] ?? ""));
}

function portsOf(ports: unknown): number[] {
  const bindings = Object.values(object(ports)).flatMap((list) => (Array.isArray(list) ? list : []));
  const numbers = bindings.map((binding) => Number(object(binding)["HostPort"]));
  return [...new Set(numbers)].filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
}

function parseLine(line: string, sockets: ReadonlySet<string>): SocketContainerFact[] {
  let value: unknown;
  try {
    value = json.parse(line);
  } catch {
    return [];
  }
  if (!Array.isArray(value)) return [];
  const [name, image, mounts, ports] = value as unknown[];
  const mountsSocket = sourcesOf(mounts).some((path) => BRINGS_SOCKET.has(path) || sockets.has(path));
  const fact = { name: json.textOf(name).replace(/^\//, ""), image: json.textOf(image), mountsSocket };
  return mountsSocket ? [{ ...fact, publishedPorts: portsOf(ports) }] : [];
}

/**
 * @param text one JSON array a line: name, image, mounts, ports, as docker inspect has them
 * @param sockets other paths on which the engine listens
 */
export function parseContainers(text: string, sockets: ReadonlySet<string>): SocketContainerFact[] {
  return text
    .split("\n", MAX_CONTAINERS)
    .filter(Boolean)
    .flatMap((line) => parseLine(line, sockets));
}
