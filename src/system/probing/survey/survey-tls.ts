/** Which TLS versions and which weak ciphers an endpoint agrees to, by ClientHellos written by hand. */
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

/** Takes a turn among all connections; undefined when there is no time left for one. */
export type Turn = <T>(work: (timeoutMs: number) => Promise<T>) => Promise<T | undefined>;

/** Each agreed one is named; whoever agrees to so many would agree to more. */
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

/** The server picks one; that is taken away, and it is asked again. */
async function findWeakCiphers(planned: PlannedEndpoint, version: TlsVersion, turn: Turn): Promise<string[]> {
  const offered = new Set(WEAK_SUITES.keys());
  const found: string[] = [];
  while (found.length < MAX_WEAK) {
    const flight = await hello(planned, version, [...offered], turn);
    const name = flight?.suite === undefined ? undefined : WEAK_SUITES.get(flight.suite);
    // A server that picks what was not offered would go round for ever.
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
    return {}; // not a certificate: the handshakes of the probes fail over it and say so
  }
}

/**
 * Sends a ClientHello for each version, and one for each weak cipher.
 * @returns null when it agreed to nothing
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
