/**
 * How a machine joins (ADR 0027): TLS with its own application protocol, and three lines of JSON. The gateway shows the
 * line's CA; the joiner, which has verified the server by then, sends the secret of its token; the gateway answers. The
 * joiner's public key is the one of the client certificate that it uses in the handshake, so TLS proves that it has the
 * private key.
 */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readRoleName } from "../../identity/index.ts";

/** The ALPN name. No HTTP client offers it, so that nothing changes for those. */
export const JOIN_PROTOCOL = "tetherdock-join/1";

/** Most bytes of a line of the gateway: a certificate takes a thousand. */
export const JOIN_ANSWER_BYTES = 16 * 1024;

const pem = json.matching(/^[ -~\r\n]{1,8192}$/, "a certificate, PEM");

/** The gateway's first line. */
export interface JoinGreeting {
  /** The line's CA, PEM. */
  readonly ca: string;
}

export const readGreeting = json.openObject<JoinGreeting>({ ca: { read: pem } });

/** The joiner's only line. */
export interface JoinRequest {
  /** The token's secret, base64url. */
  readonly secret: string;
}

export const readJoinRequest = json.object<JoinRequest>({
  secret: { read: json.matching(/^[A-Za-z0-9_-]{43}$/, "32 bytes in base64url") },
});

/** What a machine that joins connects with, PEM. */
export interface JoinCredential {
  /** The line's CA, recognised by its fingerprint. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a joiner gets. */
export interface Joined extends Pick<Client, "name" | "role" | "expires"> {
  /** PEM. */
  readonly certificate: string;
}

/** Why it gets nothing. `retry`: nothing is decided, the same token may work later. */
export interface JoinRefusal {
  readonly refused: string;
  readonly retry: boolean;
}

export type JoinAnswer = Joined | JoinRefusal;

const readJoined = json.openObject<Joined>({
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(json.words(40)) },
  certificate: { read: pem },
});

const readRefusal = json.openObject<JoinRefusal>({
  refused: { read: json.words(500) },
  retry: { read: json.flag },
});

export const readJoinAnswer: json.Read<JoinAnswer> = (value, at, complain) =>
  typeof value === "object" && value !== null && "refused" in value
    ? readRefusal(value, at, complain)
    : readJoined(value, at, complain);
