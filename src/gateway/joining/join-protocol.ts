/**
 * How a machine joins (ADR 0027): TLS with its own application protocol, and three lines of JSON. The gateway shows the
 * line's CA; the joiner, which has verified the server by then, sends the secret of its token; the gateway answers. The
 * joiner's public key is the one of the client certificate that it uses in the handshake, so TLS proves that it has the
 * private key.
 */
import { json } from "../../base/index.ts";
import {
  type Issued,
  issuedFields,
  orRefused,
  type Refused,
  readPem,
  readSecret,
} from "../exchange/answer.ts";

/** The ALPN name. No HTTP client offers it, so that nothing changes for those. */
export const JOIN_PROTOCOL = "tetherdock-join/1";

/** The gateway's first line. */
export interface JoinGreeting {
  /** The line's CA, PEM. */
  readonly ca: string;
}

export const readGreeting = json.openObject<JoinGreeting>({ ca: { read: readPem } });

/** The joiner's only line. */
export interface JoinRequest {
  /** The token's secret, base64url. */
  readonly secret: string;
}

export const readJoinRequest = json.object<JoinRequest>({ secret: { read: readSecret } });

/** What a machine that joins connects with, PEM. */
export interface JoinCredential {
  /** The line's CA, recognised by its fingerprint. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export type JoinAnswer = Issued | Refused;

export const readJoinAnswer: json.Read<JoinAnswer> = orRefused(json.openObject<Issued>(issuedFields));
