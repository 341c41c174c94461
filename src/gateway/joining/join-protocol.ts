/**
 * How a machine joins (ADR 0027): TLS with its own application protocol, and three lines of JSON. The gateway shows the
 * line's CA; the joiner, which has verified the server by then, sends the secret of its token; the gateway answers. The
 * joiner's public key is the one of the client certificate that it uses in the handshake, so TLS proves that it has the
 * private key.
 */
import { json } from "../../base/index.ts";
import { readClientName, readInstant, readProof } from "../../identity/index.ts";
import { type IssuedOrRefused, readIssuedOrRefused, readPem, readSecret } from "../exchange/answer.ts";

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
  /** The token's secret, base64url; for a token that has to be approved, what is derived from it to be shown. */
  readonly secret: string;
  /** That whoever has the token has chosen this key, base64url; null: the token does not have to be approved. */
  readonly proof: string | null;
}

export const readJoinRequest = json.object<JoinRequest>({
  secret: { read: readSecret },
  proof: { read: json.orNull(readProof), optional: { value: null } },
});

/** What a machine that joins connects with, PEM. */
export interface JoinCredential {
  /** The line's CA, recognised by its fingerprint. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The request is kept, and an admin decides: ask again later. */
export interface Waiting {
  /** As whom the key waits. */
  readonly waiting: string;
  /** How long the request is kept, ISO 8601. */
  readonly until: string;
}

export type JoinAnswer = IssuedOrRefused | Waiting;

const readWaiting = json.openObject<Waiting>({
  waiting: { read: readClientName },
  until: { read: readInstant },
});

export const readJoinAnswer: json.Read<JoinAnswer> = (value, at, complain) =>
  typeof value === "object" && value !== null && "waiting" in value
    ? readWaiting(value, at, complain)
    : readIssuedOrRefused(value, at, complain);
