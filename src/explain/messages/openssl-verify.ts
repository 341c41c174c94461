/** OpenSSL's verification, whose words nearly every program but Go's passes on. */
import type { Message } from "../entry.ts";
import {
  distrusted,
  expired,
  nameMismatch,
  notYetValid,
  unknownAuthority,
  wrongUsage,
} from "../topics/trust.ts";

const SSL_ERRORS = "openssl/openssl ssl/ssl_err.c";
const VERIFY_ERRORS = "openssl/openssl crypto/x509/x509_txt.c";

export const opensslVerify: readonly Message[] = [
  {
    id: "openssl-self-signed",
    says: "OpenSSL, and whatever passes on its verification errors",
    patterns: [
      /(?:verify error:num=(?:18|19|20|21):)?(?:self[- ]signed certificate(?: in certificate chain)?|unable to get (?:local )?issuer certificate|unable to verify the first certificate|certificate signature failure)/i,
    ],
    source: VERIFY_ERRORS,
    example: "verify error:num=19:self-signed certificate in certificate chain",
    meaning: "The chain ends at a certificate that the client does not trust.",
    topic: unknownAuthority,
  },
  {
    id: "openssl-expired",
    says: "OpenSSL, and whatever passes on its verification errors",
    patterns: [/verify error:num=10:certificate has expired/, /(?<!x509: )certificate has expired(?! or)/],
    source: VERIFY_ERRORS,
    example: "verify error:num=10:certificate has expired",
    meaning: "The certificate has expired.",
    topic: expired,
  },
  {
    id: "openssl-not-yet-valid",
    says: "OpenSSL, and whatever passes on its verification errors",
    patterns: [/(?:verify error:num=9:)?certificate is not yet valid/],
    source: VERIFY_ERRORS,
    example: "verify error:num=9:certificate is not yet valid",
    meaning: "The certificate is not valid yet.",
    topic: notYetValid,
  },
  {
    id: "openssl-name",
    says: "OpenSSL's verification",
    patterns: [/verify error:num=6[24]:(?:hostname|IP address) mismatch/i],
    source: VERIFY_ERRORS,
    example: "verify error:num=64:IP address mismatch",
    meaning: "The certificate is for other names or addresses than the one requested.",
    topic: nameMismatch,
  },
  {
    id: "openssl-usage",
    says: "OpenSSL's verification",
    patterns: [/(?:unsuitable|unsupported) certificate purpose/],
    source: VERIFY_ERRORS,
    example: "verify error:num=26:unsuitable certificate purpose",
    meaning: "The certificate is not for the purpose that it is used for.",
    topic: wrongUsage,
  },
  {
    id: "openssl-verify-failed",
    says: "OpenSSL",
    patterns: [/SSL routines:[^:\n]{0,60}:certificate verify failed/],
    source: SSL_ERRORS,
    example:
      "40378184907F0000:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify failed:../ssl/statem/statem_clnt.c:1889:",
    meaning: "The server's certificate does not verify.",
    topic: distrusted,
  },
];
