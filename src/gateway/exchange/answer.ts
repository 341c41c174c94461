/** The parts that the protocols of joining, of jobs and of renewing share: a secret one way, a certificate or a refusal the other. */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readRoleName } from "../../identity/index.ts";

/** Most bytes of the gateway's answer: a certificate takes a thousand. */
export const ANSWER_BYTES = 16 * 1024;

/** Reads 32 random bytes in base64url. */
export const readSecret = json.matching(/^[A-Za-z0-9_-]{43}$/, "32 bytes in base64url");

export const readPem = json.matching(/^[ -~\r\n]{1,8192}$/, "a certificate, PEM");

/** A certificate, and for which client of the list it is. */
export interface Issued extends Pick<Client, "name" | "role" | "expires"> {
  /** PEM. */
  readonly certificate: string;
}

export const issuedFields: json.Fields<Issued> = {
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(json.words(40)) },
  certificate: { read: readPem },
};

/** Why there is no certificate. `retry`: nothing is decided, the same request may succeed later. */
export interface Refused {
  readonly refused: string;
  readonly retry: boolean;
  /** The client is the fleet's, whose operator renews; default: it is the host's. */
  readonly isOfFleet?: boolean | undefined;
}

export type IssuedOrRefused = Issued | Refused;

const readRefused = json.openObject<Refused>({
  refused: { read: json.words(500) },
  retry: { read: json.flag },
  isOfFleet: { read: json.flag, optional: { value: undefined } },
});

/** @param read what is issued */
export function orRefused<T>(read: json.Read<T>): json.Read<T | Refused> {
  return (value, at, complain) =>
    typeof value === "object" && value !== null && "refused" in value
      ? readRefused(value, at, complain)
      : read(value, at, complain);
}

export const readIssuedOrRefused: json.Read<IssuedOrRefused> = orRefused(
  json.openObject<Issued>(issuedFields),
);
