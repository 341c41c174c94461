/**
 * How a client renews its certificate (ADR 0031): TLS with an application protocol of its own, and one line of JSON each
 * way. The handshake proves the key; nothing but the certificate's end can be asked for. The secret makes the request
 * repeatable: the same one gets the same certificate.
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

/** The ALPN name. */
export const RENEW_PROTOCOL = "tetherdock-renew/1";

/** No certificate is issued for longer, ms: 400 days. */
const HIGHEST_LIFE_MS = 400 * 24 * 3_600_000;

/** The client's only line. */
export interface RenewRequest {
  /** 32 random bytes, base64url. */
  readonly request: string;
  /** How long the certificate is to be valid, ms; null: as long as others. */
  readonly lifeMs: number | null;
  /**
   * SHA-256 of the key of the CA that the client trusts from now on, as the line's next one; null: nothing is told. Only
   * with a request that was answered: the same certificate is sent again.
   */
  readonly trusts: string | null;
}

/** As it is sent: older gateways do not know `trusts`, and offer nothing to trust. */
export type SentRenewRequest = Omit<RenewRequest, "trusts"> & { readonly trusts?: string };

export const readRenewRequest = json.object<RenewRequest>({
  request: { read: readSecret },
  lifeMs: { read: json.orNull(json.count(HIGHEST_LIFE_MS)), optional: { value: null } },
  trusts: { read: json.orNull(json.sha256), optional: { value: null } },
});

/** What a client connects with, PEM. */
export interface RenewCredential {
  /** The line's CA. */
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

export interface Renewed extends Issued {
  readonly generation: number;
  /** How many more expired certificates of this key can be renewed this year. */
  readonly recoveriesLeft: number;
  /** The line's CAs, as PEM: see readBundle; null: an older gateway, which does not send them. */
  readonly ca: string | null;
}

export type RenewAnswer = Renewed | Refused;

export const readRenewAnswer: json.Read<RenewAnswer> = orRefused(
  json.openObject<Renewed>({
    ...issuedFields,
    generation: { read: json.number },
    recoveriesLeft: { read: json.number },
    ca: { read: json.orNull(readPem), optional: { value: null } },
  }),
);
