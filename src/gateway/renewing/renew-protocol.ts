/**
 * How a client renews its certificate (ADR 0031): TLS with an application protocol of its own, and one line of JSON each
 * way. The handshake proves the key; nothing but the certificate's end can be asked for. The secret makes the request
 * repeatable: the same one gets the same certificate.
 */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readRoleName } from "../../identity/index.ts";

/** The ALPN name. */
export const RENEW_PROTOCOL = "tetherdock-renew/1";

/** Most bytes of the gateway's answer: a certificate takes a thousand. */
export const RENEW_ANSWER_BYTES = 16 * 1024;

/** No certificate is issued for longer, ms: 400 days. */
const HIGHEST_LIFE_MS = 400 * 24 * 3_600_000;

/** The client's only line. */
export interface RenewRequest {
  /** 32 random bytes, base64url. */
  readonly request: string;
  /** How long the certificate is to be valid, ms; null: as long as others. */
  readonly lifeMs: number | null;
}

export const readRenewRequest = json.object<RenewRequest>({
  request: { read: json.matching(/^[A-Za-z0-9_-]{43}$/, "32 bytes in base64url") },
  lifeMs: { read: json.orNull(json.count(HIGHEST_LIFE_MS)), optional: { value: null } },
});

/** What a client connects with, PEM. */
export interface RenewCredential {
  /** The line's CA. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Renewed extends Pick<Client, "name" | "role" | "expires"> {
  /** PEM. */
  readonly certificate: string;
  readonly generation: number;
  /** How many more expired certificates of this key can be renewed this year. */
  readonly recoveriesLeft: number;
}

/** Why a client gets nothing. `retry`: nothing is decided. */
export interface RenewRefusal {
  readonly refused: string;
  readonly retry: boolean;
}

export type RenewAnswer = Renewed | RenewRefusal;

const readRenewed = json.openObject<Renewed>({
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(json.words(40)) },
  certificate: { read: json.matching(/^[ -~\r\n]{1,8192}$/, "a certificate, PEM") },
  generation: { read: json.number },
  recoveriesLeft: { read: json.number },
});

const readRefusal = json.openObject<RenewRefusal>({
  refused: { read: json.words(500) },
  retry: { read: json.flag },
});

export const readRenewAnswer: json.Read<RenewAnswer> = (value, at, complain) =>
  typeof value === "object" && value !== null && "refused" in value
    ? readRefusal(value, at, complain)
    : readRenewed(value, at, complain);
