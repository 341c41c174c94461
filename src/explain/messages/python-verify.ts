/** Python's ssl module: why a certificate does not verify. */
import type { Message } from "../entry.ts";
import { distrusted, expired, nameMismatch, notYetValid, unknownAuthority } from "../topics/trust.ts";

const SSL = "python/cpython Modules/_ssl.c";
const VERIFY = `${SSL}; openssl/openssl crypto/x509/x509_txt.c`;
const verifyFailed = (why: string): RegExp =>
  new RegExp(`CERTIFICATE_VERIFY_FAILED\\] certificate verify failed: ${why}`);

export const pythonVerify: readonly Message[] = [
  {
    id: "python-unknown-ca-of-server",
    says: "Python's ssl",
    patterns: [
      verifyFailed(
        "(?:self[- ]signed certificate(?: in certificate chain)?|unable to get (?:local )?issuer certificate)",
      ),
    ],
    source: VERIFY,
    example:
      "requests.exceptions.SSLError: HTTPSConnectionPool(host='192.0.2.7', port=2376): Max retries exceeded with url: /version (Caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate in certificate chain (_ssl.c:1006)')))",
    meaning: "The chain ends at a certificate that the program does not trust.",
    topic: unknownAuthority,
  },
  {
    id: "python-name",
    says: "Python's ssl",
    patterns: [
      verifyFailed(
        String.raw`(?:IP address|Hostname) mismatch, certificate is not valid for '(?<name>[A-Za-z0-9:][\w.:-]{0,252})'`,
      ),
      /hostname '(?<name>[A-Za-z0-9:][\w.:-]{0,252})' doesn't match (?:either of )?(?<names>'[^\n]{1,400})/,
    ],
    source: "python/cpython Modules/_ssl.c and Lib/ssl.py",
    example:
      "ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch, certificate is not valid for '192.0.2.7'. (_ssl.c:1006)",
    meaning: "The certificate is for other names or addresses than the one requested.",
    topic: nameMismatch,
    decode: ({ name, names }) => [
      `asked for: ${name}`,
      ...(names ? [`the certificate is for: ${names}`] : []),
    ],
  },
  {
    id: "python-expired",
    says: "Python's ssl",
    patterns: [verifyFailed("certificate has expired")],
    source: VERIFY,
    example:
      "urllib.error.URLError: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1006)>",
    meaning: "The certificate has expired.",
    topic: expired,
  },
  {
    id: "python-not-yet-valid",
    says: "Python's ssl",
    patterns: [verifyFailed("certificate is not yet valid")],
    source: VERIFY,
    example:
      "urllib.error.URLError: <urlopen error [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate is not yet valid (_ssl.c:1006)>",
    meaning: "The certificate is not valid yet.",
    topic: notYetValid,
  },
  {
    id: "python-verify-failed",
    says: "Python's ssl up to 3.6",
    patterns: [/CERTIFICATE_VERIFY_FAILED\](?: certificate verify failed)?(?!: )/],
    source: SSL,
    example: "SSL error: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:852)",
    meaning: "The server's certificate does not verify.",
    topic: distrusted,
  },
];
