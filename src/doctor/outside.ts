/** Plans the probes from outside: which endpoints to probe, and which probes a first answer makes unnecessary. */
import {
  type Caller,
  type CallerCredentials,
  type Endpoint,
  formatEndpoint,
  type Observation,
  PLAIN_PORT,
  TLS_PORT,
  WRONG_CALLERS,
} from "../engine/index.ts";
import type { ListenerFact } from "../facts/index.ts";
import { isLocalOnly } from "./listening.ts";
import type { EndpointReport, Inside } from "./subject.ts";

/** A name with its addresses. */
export interface NamedHost {
  /** What the certificate must carry. */
  readonly serverName: string;
  /** IP addresses; the name itself where it does not resolve, so that the probe shows it. */
  readonly addresses: readonly string[];
}

/** A port and why it is probed. */
export interface PlannedPort {
  readonly port: number;
  readonly why: EndpointReport["why"];
}

/** One endpoint to probe. */
export interface PlannedEndpoint {
  readonly endpoint: Endpoint;
  readonly serverName: string;
  readonly why: EndpointReport["why"];
}

/** Probed on every host. */
export const DEFAULT_PORTS: readonly number[] = [PLAIN_PORT, TLS_PORT];

/** One endpoint, and who can connect to it. */
export interface SurveyItem {
  readonly planned: PlannedEndpoint;
  readonly credentials: CallerCredentials;
}

/** The strongest reason first: it decides what a check expects of the endpoint. */
const REASONS: readonly EndpointReport["why"][] = ["line", "named", "default", "inside"];

/** A host may listen on thousands of ports; each costs connections. */
const MAX_INSIDE_PORTS = 32;

/** Every port on every address, each once, in the order of the reasons. */
export function planEndpoints(hosts: readonly NamedHost[], ports: readonly PlannedPort[]): PlannedEndpoint[] {
  const sorted = REASONS.flatMap((why) => ports.filter((planned) => planned.why === why));
  const planned = new Map<string, PlannedEndpoint>();
  for (const { port, why } of sorted)
    for (const { serverName, addresses } of hosts)
      for (const host of addresses) {
        const endpoint = { host, port };
        const key = formatEndpoint(endpoint);
        if (!planned.has(key)) planned.set(key, { endpoint, serverName, why });
      }
  return [...planned.values()];
}

/** sshd speaks first, and is known: an HTTP request would only fill its log. */
function isSsh({ holders }: ListenerFact): boolean {
  return holders.length > 0 && holders.every(({ command }) => /^sshd\b/.test(command));
}

/** Ports that the look from inside found open to others, sshd's left out: an engine may be behind any of them. */
export function portsFoundInside({ listeners }: Inside): number[] {
  const open = listeners.filter((each) => each.port !== null && !isLocalOnly(each) && !isSsh(each));
  return [...new Set(open.map(({ port }) => port as number))].slice(0, MAX_INSIDE_PORTS);
}

/** Whether TLS is worth a try after what plain HTTP showed: where nothing listens, nothing will answer. */
export function worthTls(plain: Observation): boolean {
  return plain.kind !== "unreachable" || plain.cause === "reset";
}

/** Whether TLS is spoken, by what a client without certificate saw. */
export function speaksTls(none: Observation): boolean {
  switch (none.kind) {
    case "not-tls":
    case "unreachable":
      return false;
    case "silent":
      return none.stage === "answer";
    default:
      return true;
  }
}

/** Who else connects over TLS once somebody without a certificate has shown that TLS is spoken. */
export function furtherCallers(credentials: Partial<Record<Caller, unknown>>): Caller[] {
  const callers: readonly Caller[] = ["line", ...WRONG_CALLERS];
  return callers.filter((caller) => caller !== "none" && credentials[caller] !== undefined);
}
