/** From what was typed to what is inspected: a line, a host by ssh, one endpoint, this machine. */
import { TetherdockError } from "../../base/index.ts";
import { type Endpoint, parseEndpoint } from "../../engine/index.ts";
import { parseDestination } from "../../host/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import { pickLine } from "../lines/index.ts";
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

function ofLine(name: string, line: Line): Target {
  return { name, line, way: line.target, host: line.address, only: null };
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
  return { name, line, way: line?.target, host: endpoint.host, only: endpoint.port };
}

/** The same grammar as `up`'s, with this command's hints. */
function hostOf(text: string): string {
  try {
    return parseDestination(text).host;
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    const hints = error.hints.map((hint) => hint.replace("tetherdock up", "tetherdock doctor"));
    throw new TetherdockError(error.code, error.message, { why: error.why, hints, cause: error });
  }
}

async function ofDestination(ports: VisitPorts, text: string, lines: readonly Line[]): Promise<Target> {
  const host = hostOf(text);
  const line = lines.find(({ target }) => target === text);
  if (line) return { ...ofLine(text, line), way: text };
  // Without ssh on this machine the name itself is all there is to go by.
  const dialled = await ports.hostnameOf(text).catch(() => host);
  const known = lines.find(({ address }) => address === dialled) ?? null;
  return { name: text, line: known, way: text, host: dialled, only: null };
}

/**
 * Reads one argument of `doctor`.
 * @param text a line's name, `[user@]host`, `ssh://…` or `host:port`; a word that is both a line and a host is the line
 * @throws USAGE, ENDPOINT_INVALID, LINE_BROKEN
 */
async function findTarget(ports: VisitPorts, text: string): Promise<Target> {
  const lines = await allLines(ports);
  const named = lines.find(({ name }) => name === text);
  if (named) return ofLine(text, named);
  const endpoint = asEndpoint(text);
  return endpoint ? ofEndpoint(text, endpoint, lines) : ofDestination(ports, text, lines);
}

/** This machine, whose addresses are known only from inside. */
async function thisMachine(ports: VisitPorts): Promise<Target> {
  const line = (await allLines(ports)).find(({ target }) => target === null) ?? null;
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
