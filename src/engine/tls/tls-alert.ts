/**
 * TLS alerts: numbers, the RFCs' names, and what each means between a Docker client and a daemon.
 * @see RFC 8446 section 6, RFC 5246 section 7.2
 */

/** Name in the RFC, and why a peer sends it. */
export interface AlertMeaning {
  readonly name: string;
  readonly means: string;
}

const ALERTS: Readonly<Record<number, AlertMeaning>> = {
  0: { name: "close_notify", means: "the peer closed the connection normally" },
  10: { name: "unexpected_message", means: "the peer got bytes that are not a TLS handshake" },
  20: { name: "bad_record_mac", means: "a record was damaged or forged on its way" },
  22: { name: "record_overflow", means: "the peer read something other than TLS as the length of a record" },
  40: { name: "handshake_failure", means: "nothing in common, or (TLS 1.2) a client certificate is missing" },
  42: {
    name: "bad_certificate",
    means: "the peer does not accept the certificate that it got, or got none",
  },
  43: {
    name: "unsupported_certificate",
    means: "the peer does not accept this kind or use of certificate",
  },
  44: { name: "certificate_revoked", means: "the certificate was revoked" },
  45: {
    name: "certificate_expired",
    means: "the certificate has expired, or is not valid yet, by the peer's clock",
  },
  46: { name: "certificate_unknown", means: "the peer does not accept the certificate and does not say why" },
  47: { name: "illegal_parameter", means: "the handshake contradicts itself" },
  48: { name: "unknown_ca", means: "the certificate was signed by a CA the peer does not know" },
  49: { name: "access_denied", means: "the certificate is valid, but its owner has no access" },
  50: { name: "decode_error", means: "the peer could not read a handshake message" },
  51: {
    name: "decrypt_error",
    means: "a signature does not verify: certificate and key may not belong together",
  },
  70: { name: "protocol_version", means: "no TLS version in common, or bytes that are not TLS" },
  71: { name: "insufficient_security", means: "the ciphers offered are too weak for the peer" },
  80: { name: "internal_error", means: "the peer failed for reasons of its own" },
  86: { name: "inappropriate_fallback", means: "the client offered an older version than it supports" },
  90: { name: "user_canceled", means: "the handshake was cancelled" },
  109: { name: "missing_extension", means: "an extension the peer needs is missing" },
  110: { name: "unsupported_extension", means: "an extension that was not requested" },
  112: { name: "unrecognized_name", means: "the peer has no certificate for the name asked for" },
  113: {
    name: "bad_certificate_status_response",
    means: "the proof that a certificate is not revoked cannot be used",
  },
  115: { name: "unknown_psk_identity", means: "the peer does not know the key it was offered" },
  116: {
    name: "certificate_required",
    means: "the peer requires a client certificate and got none (TLS 1.3)",
  },
  120: { name: "no_application_protocol", means: "no application protocol in common (ALPN)" },
};

/** @param number 0–255; @returns undefined if the RFCs have no relevant name for the number */
export function alertMeaning(number: number): AlertMeaning | undefined {
  return ALERTS[number];
}

/** @returns one line for a number from OpenSSL's "SSL alert number N" or a record. */
export function describeAlert(number: number): string {
  const known = ALERTS[number];
  return known
    ? `alert ${number} is ${known.name}: ${known.means}`
    : `alert ${number} is not one that RFC 8446 names`;
}
