/** Translates OpenSSL's and Node's names for TLS failures into ours. */
import { alertMeaning, type DistrustReason } from "../../engine/index.ts";

/**
 * The RFC's name of the alert that caused an error of a TLS socket. It reads the number in the message, because OpenSSL
 * renames its codes (`SSLV3_ALERT_…` became `SSL/TLS_ALERT_…` in 3.5), and some codes do not contain ALERT.
 * @param message the error's message, as OpenSSL prints its queue
 * @returns undefined when the error was not an alert from the peer
 */
export function alertName(message: string): string | undefined {
  const number = /:SSL alert number ([0-9]{1,3})\s*$/.exec(message)?.[1];
  return number === undefined ? undefined : (alertMeaning(Number(number))?.name ?? `number ${number}`);
}

const REASONS: Readonly<Record<string, DistrustReason>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  // The peer's CA has the same name as ours, but another key.
  CERT_SIGNATURE_FAILURE: "unknown-authority",
};

/** @param code OpenSSL's X509_V_ERR name, as Node gives it in `authorizationError` */
export function distrustReason(code: string): DistrustReason {
  return REASONS[code] ?? "other";
}
