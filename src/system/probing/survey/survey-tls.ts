/** Finds the TLS versions and weak ciphers that an endpoint accepts, with ClientHellos of our own. */
import { randomBytes, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { PlannedEndpoint, TlsOffer } from "../../../doctor/index.ts";
import {
  COMMON_SUITES,
  encodeClientHello,
  type ServerFlight,
  TLS_VERSIONS,
  type TlsVersion,
  WEAK_SUITES,
} from "../../../engine/index.ts";
import { sendClientHello } from "../client-hello.ts";

/** Waits for its turn among all connections; returns undefined when no time is left. */
export type Turn = <T>(work: (timeoutMs: number) => Promise<T>) => Promise<T | undefined>;

/** Each one found is reported; a server that accepts this many probably accepts more. */
const MAX_WEAK = 6;

const ALL_SUITES = [...COMMON_SUITES, ...WEAK_SUITES.keys()];

async function hello(
  { endpoint, serverName }: PlannedEndpoint,
  version: TlsVersion,
  suites: readonly number[],
  turn: Turn,
): Promise<ServerFlight | undefined> {
  const bytes = encodeClientHello({
    version,
    suites,
    serverName: isIP(serverName) === 0 ? serverName : null,
    random: randomBytes(96),
  });
  return turn((timeoutMs) =>
    sendClientHello(endpoint, bytes, { timeoutMs, certificates: version === "TLSv1.2" }),
  );
}

/** The server picks one cipher; the next offer leaves it out. */
async function findWeakCiphers(planned: PlannedEndpoint, version: TlsVersion, turn: Turn): Promise<string[]> {
  const offered = new Set(WEAK_SUITES.keys());
  const found: string[] = [];
  while (found.length < MAX_WEAK) {
    const flight = await hello(planned, version, [...offered], turn);
    const name = flight?.suite === undefined ? undefined : WEAK_SUITES.get(flight.suite);
    // Stops if the server picks a cipher that was not offered: otherwise this would loop forever.
    if (name === undefined || !offered.delete(flight?.suite ?? -1)) break;
    found.push(name);
  }
  return found;
}

function certificateOf(flight: ServerFlight | undefined): { readonly certificate?: string } {
  const der = flight?.certificates?.[0];
  if (!der) return {};
  try {
    return { certificate: new X509Certificate(der).toString() };
  } catch {
    return {}; // not a certificate: the probes' handshakes fail and report it
  }
}

/**
 * Sends a ClientHello for each version, then more to find weak ciphers.
 * @returns null when it accepted nothing
 */
export async function surveyTls(planned: PlannedEndpoint, turn: Turn): Promise<TlsOffer | null> {
  const flights = await Promise.all(TLS_VERSIONS.map((version) => hello(planned, version, ALL_SUITES, turn)));
  const agreed = new Set(flights.map((flight) => flight?.version).filter((version) => version !== undefined));
  const versions = TLS_VERSIONS.filter((version) => agreed.has(version));
  const highest = versions.filter((version) => version !== "TLSv1.3").at(-1);
  const weakCiphers = highest === undefined ? [] : await findWeakCiphers(planned, highest, turn);
  if (versions.length === 0) return null;
  return { versions, weakCiphers, ...certificateOf(flights[TLS_VERSIONS.indexOf("TLSv1.2")]) };
}
