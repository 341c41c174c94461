/** Turns arguments into targets: a line, a host over ssh, one endpoint, this machine. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, parseEndpoint } from "../../engine/index.ts";
import { type Destination, parseDestination } from "../../host/index.ts";
import { type Line, lineEndpoint, wayTo } from "../../line/index.ts";
import { pickLine } from "../lines/index.ts";
import { readDockerHost } from "./docker-host.ts";
import type { VisitPorts } from "./ports.ts";
import type { VisitRequest } from "./request.ts";

/** One engine to inspect. */
export interface Target {
  /** As typed. */
  readonly name: string;
  /** The line to it, if there is one here. */
  readonly line: Line | null;
  /** The way in: an ssh destination, null for this machine itself, undefined when none is known. */
  readonly way: string | null | undefined;
  /** The name or address that clients dial; null where only the look from inside tells (this machine). */
  readonly host: string | null;
  /** The only port, where the user named one endpoint. */
  readonly only: number | null;
}

async function allLines({ lines }: VisitPorts): Promise<Line[]> {
  return Promise.all((await lines.list()).map((name) => lines.read(name)));
}

export function ofLine(name: string, line: Line): Target {
  return { name, line, way: wayTo(line), host: line.address, only: null };
}

function isSame(endpoint: Endpoint, line: Line): boolean {
  const own = lineEndpoint(line);
  return own.port === endpoint.port && [own.host, ...line.addresses].includes(endpoint.host);
}

function asEndpoint(text: string): Endpoint | null {
  // ssh://user@host:22 and user@host:22 are for ssh, or wrong in its own words.
  return /@|\/\//.test(text) || !/^(?:\[[^\]]*\]|[^:]+):\d+$/.test(text) ? null : parseEndpoint(text);
}

function ofEndpoint(name: string, endpoint: Endpoint, lines: readonly Line[]): Target {
  const line = lines.find((one) => isSame(endpoint, one)) ?? null;
  return { name, line, way: line ? wayTo(line) : undefined, host: endpoint.host, only: endpoint.port };
}

/** The same grammar as `up`'s, with this command's hints. */
function destinationOf(text: string): Destination {
  try {
    return parseDestination(text);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    const hints = error.hints.map((hint) => hint.replace("tetherdock up", "tetherdock doctor"));
    throw new TetherdockError(error.code, error.message, { why: error.why, hints, cause: error });
  }
}

async function ofDestination(ports: VisitPorts, text: string, lines: readonly Line[]): Promise<Target> {
  const { text: way, host } = destinationOf(text);
  const line = lines.find((one) => wayTo(one) === way);
  if (line) return { ...ofLine(text, line), way };
  // Without ssh on this machine only the name itself is known.
  const dialled = await ports.hostnameOf(way).catch(() => host);
  const known = lines.find(({ address }) => address === dialled) ?? null;
  return { name: text, line: known, way, host: dialled, only: null };
}

/** Where the docker CLI connects without a context and without DOCKER_HOST. */
const DEFAULT_SOCKET = "unix:///var/run/docker.sock";

/** The host of a docker context of this name; undefined when there is none. */
async function contextHost(ports: VisitPorts, name: string): Promise<string | undefined> {
  if (name === "default") return ports.env["DOCKER_HOST"] || DEFAULT_SOCKET;
  // Only a name that the docker CLI would take: anything else is a host.
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/.test(name)) return undefined;
  return ports.contextHost(name);
}

async function ofDockerHost(
  ports: VisitPorts,
  name: string,
  text: string,
  lines: readonly Line[],
): Promise<Target | null> {
  const found = readDockerHost(text);
  if (found === null) return null;
  if (found.kind === "local") return { ...(await thisMachine(ports)), name };
  if (found.kind === "ssh") return { ...(await ofDestination(ports, found.text, lines)), name };
  if (found.endpoint) return ofEndpoint(name, found.endpoint, lines);
  const line = lines.find(({ address }) => address === found.host) ?? null;
  return { name, line, way: line ? wayTo(line) : undefined, host: found.host, only: null };
}

/**
 * Reads one argument of `doctor`.
 * @param text a line's name, a docker context's, `[user@]host`, `host:port`, or whatever DOCKER_HOST may hold; of a word
 * that is several of these, the first counts
 * @throws USAGE, ENDPOINT_INVALID, LINE_BROKEN
 */
async function findTarget(ports: VisitPorts, text: string): Promise<Target> {
  const lines = await allLines(ports);
  const named = lines.find(({ name }) => name === text);
  if (named) return ofLine(text, named);
  const endpoint = asEndpoint(text);
  if (endpoint) return ofEndpoint(text, endpoint, lines);
  const dockerHost = (await contextHost(ports, text)) ?? text;
  return (await ofDockerHost(ports, text, dockerHost, lines)) ?? ofDestination(ports, text, lines);
}

/** This machine, whose addresses are known only from inside. */
async function thisMachine(ports: VisitPorts): Promise<Target> {
  const line = (await allLines(ports)).find((one) => wayTo(one) === null) ?? null;
  return { name: "this machine", line, way: null, host: line?.address ?? null, only: null };
}

/**
 * Reads all arguments.
 * @param words none: $TETHERDOCK_LINE, else the only line
 * @throws USAGE, ENDPOINT_INVALID, LINE_NONE, LINE_AMBIGUOUS, LINE_UNKNOWN, LINE_BROKEN
 */
export async function findTargets(
  ports: VisitPorts,
  { words, local }: Pick<VisitRequest, "words" | "local">,
): Promise<Target[]> {
  const repeated = words.find((word, at) => words.indexOf(word) !== at);
  if (repeated !== undefined)
    throw new TetherdockError("USAGE", `"${repeated}" is named twice`, { hints: ["name each target once"] });
  const named = words.length > 0 || local ? words : [await pickLine(ports, undefined)];
  const found = await Promise.all(named.map((word) => findTarget(ports, word)));
  return local ? [...found, await thisMachine(ports)] : found;
}
