/** curl, by its exit codes: TLS. It is how people try an endpoint by hand. */
import type { Message } from "../entry.ts";
import { certificateRequired } from "../topics/client-certificate.ts";
import { filesMissing, fileUnreadable, keyMismatch } from "../topics/client-setup.ts";
import { eof } from "../topics/network.ts";
import { handshakeFailed, notTlsPeer } from "../topics/protocol.ts";
import { expired, nameMismatch, notYetValid, unknownAuthority } from "../topics/trust.ts";

const OPENSSL = "curl/curl lib/vtls/openssl.c";

export const curl: readonly Message[] = [
  {
    id: "curl-35-not-tls",
    says: "curl",
    patterns: [/curl: \(35\) [^\n]{0,120}(?:wrong version number|packet length too long|unknown protocol)/],
    source: `${OPENSSL}; openssl/openssl ssl/ssl_err.c`,
    example: "curl: (35) OpenSSL/3.0.19: error:0A00010B:SSL routines::wrong version number",
    meaning: "The TLS handshake failed because the peer's first bytes are not TLS.",
    topic: notTlsPeer,
  },
  {
    id: "curl-35-handshake-failure",
    says: "curl, passing on the server's alert 40",
    patterns: [/curl: \(35\) [^\n]{0,120}alert handshake failure/],
    source: OPENSSL,
    example: "curl: (35) OpenSSL/3.0.19: error:0A000410:SSL routines::sslv3 alert handshake failure",
    meaning: "The server aborted the handshake.",
    topic: handshakeFailed,
  },
  {
    id: "curl-35-closed",
    says: "curl",
    patterns: [/curl: \(35\) [^\n]{0,120}(?:SSL_ERROR_SYSCALL|unexpected eof)[^\n]{0,120}/],
    source: OPENSSL,
    example: "curl: (35) OpenSSL SSL_connect: SSL_ERROR_SYSCALL in connection to 192.0.2.7:2376",
    meaning: "The peer closed the connection during the TLS handshake.",
    topic: eof,
  },
  {
    id: "curl-certificate-required",
    says: "curl, passing on the server's alert 116",
    patterns: [/curl: \((?:56|35)\) [^\n]{0,160}certificate required/],
    source: OPENSSL,
    example:
      "curl: (56) OpenSSL SSL_read: OpenSSL/3.0.19: error:0A00045C:SSL routines::tlsv13 alert certificate required, errno 0",
    meaning: "The server requires a client certificate and got none (--cert and --key were not given).",
    topic: certificateRequired,
  },
  {
    id: "curl-58",
    says: "curl",
    patterns: [
      /curl: \(58\) (?:could not load PEM client (?:certificate|key)[^\n]{0,300}|unable to (?:use|load)[^\n]{0,200})/,
    ],
    source: OPENSSL,
    example:
      "curl: (58) could not load PEM client certificate from cert.pem, OpenSSL error error:80000002:system library::No such file or directory, (no key found, wrong pass phrase, or wrong file format?)",
    meaning: "The file given with --cert or --key cannot be loaded.",
    topic: fileUnreadable,
  },
  {
    id: "curl-58-mismatch",
    says: "curl",
    patterns: [/curl: \(58\) unable to set private key file/],
    source: OPENSSL,
    example: "curl: (58) unable to set private key file: 'key.pem' type PEM",
    meaning: "The key does not belong to the certificate, or cannot be read.",
    topic: keyMismatch,
  },
  {
    id: "curl-60-name",
    says: "curl",
    patterns: [
      /curl: \(60\) SSL: (?:no alternative certificate subject name matches target (?:host name|ipv4 address|ipv6 address)|certificate subject name '[^'\n]{0,260}' does not match target (?:host ?name)) '(?<name>[A-Za-z0-9:][\w.:-]{0,252})'/,
    ],
    source: OPENSSL,
    example: "curl: (60) SSL: no alternative certificate subject name matches target host name '192.0.2.7'",
    meaning: "The certificate is for other names or addresses than the one requested.",
    topic: nameMismatch,
    decode: ({ name }) => [`asked for: ${name}`],
  },
  {
    id: "curl-60-authority",
    says: "curl",
    patterns: [
      /curl: \(60\) SSL certificate problem: (?:self[- ]signed certificate(?: in certificate chain)?|unable to get (?:local )?issuer certificate|unable to verify the first certificate)/,
    ],
    source: `${OPENSSL}; openssl/openssl crypto/x509/x509_txt.c`,
    example: "curl: (60) SSL certificate problem: self-signed certificate in certificate chain",
    meaning:
      "The certificate is not signed by a CA that curl trusts (--cacert is missing or names another CA).",
    topic: unknownAuthority,
  },
  {
    id: "curl-60-expired",
    says: "curl",
    patterns: [/curl: \(60\) SSL certificate problem: certificate has expired/],
    source: `${OPENSSL}; openssl/openssl crypto/x509/x509_txt.c`,
    example: "curl: (60) SSL certificate problem: certificate has expired",
    meaning: "The certificate has expired.",
    topic: expired,
  },
  {
    id: "curl-60-not-yet-valid",
    says: "curl",
    patterns: [/curl: \(60\) SSL certificate problem: certificate is not yet valid/],
    source: `${OPENSSL}; openssl/openssl crypto/x509/x509_txt.c`,
    example: "curl: (60) SSL certificate problem: certificate is not yet valid",
    meaning: "The certificate is not valid yet.",
    topic: notYetValid,
  },
  {
    id: "curl-77",
    says: "curl",
    patterns: [/curl: \(77\) (?:error setting certificate|Problem with the SSL CA cert)[^\n]{0,200}/],
    source: OPENSSL,
    example: "curl: (77) error setting certificate file: ca.pem",
    meaning: "The file given with --cacert cannot be read.",
    topic: filesMissing,
  },
];
