/** OpenSSL's and Node's names of TLS failures, translated into ours. */
import type { DistrustReason } from "../engine/index.ts";

/** RFC 8446 section 6, and what TLS 1.2 had besides (RFC 5246 section 7.2). */
const ALERTS: Readonly<Record<string, string>> = {
  "10": "unexpected_message",
  "20": "bad_record_mac",
  "22": "record_overflow",
  "40": "handshake_failure",
  "42": "bad_certificate",
  "43": "unsupported_certificate",
  "44": "certificate_revoked",
  "45": "certificate_expired",
  "46": "certificate_unknown",
  "47": "illegal_parameter",
  "48": "unknown_ca",
  "49": "access_denied",
  "50": "decode_error",
  "51": "decrypt_error",
  "70": "protocol_version",
  "71": "insufficient_security",
  "80": "internal_error",
  "86": "inappropriate_fallback",
  "90": "user_canceled",
  "109": "missing_extension",
  "110": "unsupported_extension",
  "112": "unrecognized_name",
  "113": "bad_certificate_status_response",
  "115": "unknown_psk_identity",
  "116": "certificate_required",
  "120": "no_application_protocol",
};

/**
 * The alert behind an error of a TLS socket, by its RFC name.
 * The number in the message is read, because OpenSSL renames its codes (`SSLV3_ALERT_…` became `SSL/TLS_ALERT_…` in
 * 3.5), and some alerts have no ALERT in their code.
 * @param message the error's message, as OpenSSL prints its queue
 * @returns undefined when the error was no alert from the peer
 */
export function alertName(message: string): string | undefined {
  const number = /:SSL alert number ([0-9]{1,3})\s*$/.exec(message)?.[1];
  return number === undefined ? undefined : (ALERTS[number] ?? `number ${number}`);
}

const REASONS: Readonly<Record<string, DistrustReason>> = {
  CERT_HAS_EXPIRED: "expired",
  CERT_NOT_YET_VALID: "not-yet-valid",
  SELF_SIGNED_CERT_IN_CHAIN: "unknown-authority",
  DEPTH_ZERO_SELF_SIGNED_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT: "unknown-authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "unknown-authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "unknown-authority",
  // Another CA of the same name: the usual case, since every line's CA could bear one name.
  CERT_SIGNATURE_FAILURE: "unknown-authority",
};

/** @param code OpenSSL's X509_V_ERR name, as Node gives it in `authorizationError` */
export function distrustReason(code: string): DistrustReason {
  return REASONS[code] ?? "other";
}
