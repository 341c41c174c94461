/** The port through which this layer looks at the world; src/system/probing/prober.ts is the real one. */
import type { Endpoint } from "../endpoint.ts";
import type { Observation } from "./observation.ts";

/** A certificate and its key, as a client presents them. */
export interface ClientIdentity {
  readonly certPem: string;
  readonly keyPem: string;
}

/**
 * How to speak: in the clear; over TLS trusting one CA, with or without a client certificate; or over TLS with any
 * server certificate and any version, as somebody would who only wants to get in.
 */
export type Credential =
  | { readonly kind: "plain" }
  | { readonly kind: "tls"; readonly caPem: string; readonly identity?: ClientIdentity }
  | { readonly kind: "insecure"; readonly identity?: ClientIdentity };

/** One probe: always a `GET /_ping`, since only an answered request shows what TLS 1.3 lets in. */
export interface ProbeRequest {
  /** Where to connect; an IP address where a certain one of several is meant. */
  readonly endpoint: Endpoint;
  /** The name the certificate must carry, when it is not the endpoint's host. */
  readonly serverName?: string;
  readonly credential: Credential;
  /** For everything together: resolving, connecting, handshake and answer. */
  readonly timeoutMs: number;
}

/**
 * Makes one connection and tells what it showed.
 * Never rejects because of the network or the peer.
 * @throws CREDENTIAL_UNUSABLE when the PEM texts of the credential cannot be used here
 */
export type Prober = (request: ProbeRequest) => Promise<Observation>;
