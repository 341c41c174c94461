/** The port through which this layer makes connections; src/system/probing/prober.ts implements it. */
import type { Endpoint } from "../endpoint.ts";
import type { Observation } from "./observation.ts";

/** A certificate and its key, as a client presents them. */
export interface ClientIdentity {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * How to speak: plain HTTP; TLS that trusts one CA, with or without a client certificate; or TLS with any server
 * certificate and any version, like an attacker.
 */
export type Credential =
  | { readonly kind: "plain" }
  | { readonly kind: "tls"; readonly caPem: string; readonly identity?: ClientIdentity }
  | { readonly kind: "insecure"; readonly identity?: ClientIdentity };

/** One probe: always a `GET /_ping`, since with TLS 1.3 only an answered request shows who gets in. */
export interface ProbeRequest {
  /** Where to connect; an IP address selects one of a name's addresses. */
  readonly endpoint: Endpoint;
  /** The name that the certificate must have, if it is not the endpoint's host. */
  readonly serverName?: string;
  readonly credential: Credential;
  /** For all steps together: resolving, connecting, handshake and answer. */
  readonly timeoutMs: number;
}

/**
 * Makes one connection and reports what it showed.
 * @throws CREDENTIAL_UNUSABLE when the PEM texts of the credential cannot be used here
 */
export type Prober = (request: ProbeRequest) => Promise<Observation>;
