/** Where an engine listens: a host and a port in canonical spelling, so that endpoints can be compared as text. */
import { TetherdockError } from "../base/index.ts";
import { TLS_PORT } from "./docker-ports.ts";

/** A host (DNS name or IP address without brackets, lower case) and a TCP port. */
export interface Endpoint {
  readonly host: string;
  /** 1–65535 */
  readonly port: number;
}

const MAX_NAME = 253;
// Hostnames have no underscores, but Go's verifier accepts them in SANs and home networks use them.
const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/;
const OCTET = /^(?:0|[1-9][0-9]{0,2})$/;

function invalid(text: string, why: string): TetherdockError {
  return new TetherdockError("ENDPOINT_INVALID", `cannot read the address ${JSON.stringify(text)}`, {
    why: [why],
    hints: ["write NAME:PORT, 192.0.2.7:2376 or [2001:db8::7]:2376"],
  });
}

function isIPv4(labels: readonly string[]): boolean {
  return labels.length === 4 && labels.every((label) => OCTET.test(label) && Number(label) <= 255);
}

function canonicalIPv6(text: string, host: string): string {
  if (host.includes("%")) throw invalid(text, "an address with a zone is only good on this machine");
  const url = `http://[${host}]/`;
  if (!/^[0-9a-f:.]+$/.test(host) || !URL.canParse(url)) throw invalid(text, "this is no IPv6 address");
  return new URL(url).hostname.slice(1, -1);
}

function canonicalHost(text: string, given: string): string {
  const host = given.toLowerCase();
  if (host.includes(":")) return canonicalIPv6(text, host);
  const labels = host.split(".");
  const last = labels.at(-1) ?? "";
  // inet_aton reads 127.1 and 0x7f000001 as addresses, other parsers read them as names, so they are refused.
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(last)) {
    if (!isIPv4(labels)) throw invalid(text, "it looks like an IPv4 address, but is not one");
  } else if (host.length > MAX_NAME || !labels.every((label) => LABEL.test(label))) {
    throw invalid(text, "the host is neither a DNS name nor an IP address");
  }
  return host;
}

/** Whether a host in canonical spelling is an IP address, not a name. */
export function isAddress(host: string): boolean {
  return host.includes(":") || isIPv4(host.split("."));
}

/**
 * Builds an endpoint in canonical spelling from parts that a user typed.
 * @param host DNS name, IPv4 or IPv6 address, the latter without brackets
 * @param port 1–65535
 * @throws ENDPOINT_INVALID when either is invalid
 */
export function makeEndpoint(host: string, port: number): Endpoint {
  const text = `${host}:${port}`;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid(text, "a port is 1 to 65535");
  return { host: canonicalHost(text, host), port };
}

/**
 * Reads `name:port`, `192.0.2.7:port` or `[IPv6]:port`.
 * @throws ENDPOINT_INVALID for anything else: no scheme, no default port, no bare IPv6
 * @see RFC 3986 section 3.2.2 (brackets), RFC 5952 (the spelling kept)
 */
export function parseEndpoint(text: string): Endpoint {
  const match = /^(?:\[([^[\]]+)\]|([^:[\]]+)):([1-9][0-9]{0,4})$/.exec(text);
  if (!match) {
    const bare = text.split(":").length > 2 && !text.includes("[");
    throw invalid(text, bare ? "an IPv6 address needs brackets before its port" : "no host and port in it");
  }
  const [, bracketed, plain, port] = match;
  if (bracketed !== undefined && !bracketed.includes(":"))
    throw invalid(text, "only IPv6 addresses stand in brackets");
  return makeEndpoint(bracketed ?? plain ?? "", Number(port));
}

/**
 * `NAME`, `NAME:PORT`, `192.0.2.7:2376`, `[2001:db8::7]:2376`, or an IPv6 address alone; also `tcp://…`, as in DOCKER_HOST.
 * @throws ENDPOINT_INVALID
 */
export function parseAddress(given: string): Endpoint {
  const text = given.replace(/^tcp:\/\//, "");
  const isAlone = !text.includes(":") || (text.split(":").length > 2 && !text.includes("["));
  return isAlone ? makeEndpoint(text, TLS_PORT) : parseEndpoint(text);
}

/** @returns `host:port`, an IPv6 address in brackets. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** @returns the value of DOCKER_HOST for this endpoint, such as `tcp://[fd00::1]:2376`. */
export function dockerHost(endpoint: Endpoint): string {
  return `tcp://${formatEndpoint(endpoint)}`;
}
