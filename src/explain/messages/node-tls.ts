/** Node.js and TLS: dockerode, VS Code's Docker extension, testcontainers. */
import type { Message } from "../entry.ts";
import { badCertificate, certificateRequired } from "../topics/client-certificate.ts";
import { keyMismatch } from "../topics/client-setup.ts";
import { handshakeFailed, notTlsPeer } from "../topics/protocol.ts";
import { expired, nameMismatch, notYetValid, unknownAuthority } from "../topics/trust.ts";

const CODES = "nodejs/node doc/api/tls.md (X509 certificate error codes) and src/crypto/crypto_common.cc";
/** The code stands on a line of its own, some lines of stack trace below the words. */
const code = (names: string): RegExp => new RegExp(`\\bcode: ["'](?:${names})["']`);

export const nodeTls: readonly Message[] = [
  {
    id: "node-wrong-version",
    says: "Node.js",
    patterns: [/EPROTO [^\n]{0,200}wrong version number/],
    source: "nodejs/node lib/internal/tls/wrap.js; openssl/openssl ssl/ssl_err.c",
    example:
      "Error: write EPROTO 40334F75EA7F0000:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number:../deps/openssl/openssl/ssl/record/methods/tlsany_meth.c:78:",
    meaning: "What came back does not begin with a TLS version: the peer's first bytes are not TLS.",
    topic: notTlsPeer,
  },
  {
    id: "node-handshake-failure",
    says: "Node.js",
    patterns: [/EPROTO [^\n]{0,200}alert handshake failure(?:[^\n]{0,200}SSL alert number 40)?/],
    source: "nodejs/node lib/internal/tls/wrap.js; openssl/openssl ssl/ssl_err.c",
    example:
      "Error: write EPROTO 40B3F5A2B27F0000:error:0A000410:SSL routines:ssl3_read_bytes:ssl/tls alert handshake failure:../deps/openssl/openssl/ssl/record/rec_layer_s3.c:918:SSL alert number 40",
    meaning: "The server aborted the handshake with the alert handshake_failure.",
    topic: handshakeFailed,
  },
  {
    id: "node-certificate-required",
    says: "Node.js",
    patterns: [/ERR_SSL_(?:TLSV13|TLS)_ALERT_CERTIFICATE_REQUIRED/],
    source: "nodejs/node src/crypto/crypto_common.cc",
    example: "  code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'",
    meaning: "The server requires a client certificate and got none.",
    topic: certificateRequired,
  },
  {
    id: "node-bad-certificate",
    says: "Node.js",
    patterns: [/ERR_SSL_(?:SSLV3|SSL\/TLS|TLSV1)_ALERT_BAD_CERTIFICATE/],
    source: "nodejs/node src/crypto/crypto_common.cc",
    example: "  code: 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'",
    meaning: "The server refused the client's certificate.",
    topic: badCertificate,
  },
  {
    id: "node-self-signed",
    says: "Node.js",
    patterns: [
      code(
        "DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_SIGNATURE_FAILURE",
      ),
      /\b(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?)\b/,
    ],
    source: CODES,
    example: "Error: request to https://192.0.2.7:2376/_ping failed, reason: DEPTH_ZERO_SELF_SIGNED_CERT",
    meaning: "The server's certificate is self-signed, or signed by a CA that the program does not have.",
    topic: unknownAuthority,
  },
  {
    id: "node-leaf-signature",
    says: "Node.js",
    patterns: [/\bUNABLE_TO_VERIFY_LEAF_SIGNATURE\b/],
    source: CODES,
    example: "  code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'",
    meaning: "The server sent only its own certificate, which is not signed by a CA that the program trusts.",
    topic: unknownAuthority,
  },
  {
    id: "node-altname",
    says: "Node.js",
    patterns: [
      /(?:\[ERR_TLS_CERT_ALTNAME_INVALID\]: )?Hostname\/IP does not match certificate's altnames: (?:IP|Host): (?<name>[A-Za-z0-9:][\w.:-]{0,252}?)\.? is not (?:in the cert's (?:list|altnames): ?(?<names>[^\n]{0,400})|cert's CN: (?<cn>[^\n]{0,260}))/,
      /\bERR_TLS_CERT_ALTNAME_INVALID\b/,
    ],
    source: "nodejs/node lib/tls.js and lib/internal/errors.js",
    example:
      "Error [ERR_TLS_CERT_ALTNAME_INVALID]: Hostname/IP does not match certificate's altnames: IP: 127.0.0.1 is not in the cert's list: 192.0.2.7",
    meaning: "The certificate is for other names or addresses than the one requested.",
    topic: nameMismatch,
    decode: ({ name, names, cn }) => [
      ...(names !== undefined || cn
        ? [`the certificate is for: ${names || cn || "no name of this kind"}`]
        : []),
      ...(name ? [`asked for: ${name}`] : []),
    ],
  },
  {
    id: "node-expired",
    says: "Node.js",
    patterns: [/\bCERT_HAS_EXPIRED\b/],
    source: CODES,
    example: "  code: 'CERT_HAS_EXPIRED'",
    meaning: "The server's certificate has expired.",
    topic: expired,
  },
  {
    id: "node-not-yet-valid",
    says: "Node.js",
    patterns: [/\bCERT_NOT_YET_VALID\b/],
    source: CODES,
    example: "  code: 'CERT_NOT_YET_VALID'",
    meaning: "The certificate is not valid yet.",
    topic: notYetValid,
  },
  {
    id: "node-key-mismatch",
    says: "Node.js",
    patterns: [/\bERR_OSSL_X509_KEY_VALUES_MISMATCH\b/],
    source: "nodejs/node src/crypto/crypto_common.cc",
    example: "  code: 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'",
    meaning: "The certificate and the key do not belong together.",
    topic: keyMismatch,
  },
];
