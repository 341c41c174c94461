/** Go's crypto/x509: why a certificate does not verify. Since Go 1.20 "tls: failed to verify certificate: " stands before it. */
import type { Groups, Message } from "../entry.ts";
import {
  commonNameOnly,
  expired,
  nameMismatch,
  noIpSans,
  notYetValid,
  otherCaOfSameName,
  unknownAuthority,
  wrongUsage,
} from "../topics/trust.ts";

const VERIFY = "golang/go src/crypto/x509/verify.go";
/** Bounded, since a certificate may carry hundreds of names. */
const MOMENTS = "(?<now>[0-9TZ:+-]{20,25}) is (?:after|before) (?<then>[0-9TZ:+-]{20,25})";

const moments = ({ now, then }: Groups): string[] =>
  now && then ? [`the clock that judged: ${now}; the certificate's own limit: ${then}`] : [];

export const goX509: readonly Message[] = [
  {
    id: "x509-unknown-authority",
    says: "Go's crypto/x509",
    patterns: [
      /x509: certificate signed by unknown authority/,
      /^[ \t"'`]{0,8}certificate signed by unknown authority[.\s"'`]{0,8}$/im,
    ],
    source: VERIFY,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    meaning: "No CA that the client trusts has signed the server's certificate.",
    topic: unknownAuthority,
  },
  {
    id: "x509-other-ca-same-name",
    says: "Go's crypto/x509",
    patterns: [
      /x509: certificate signed by unknown authority \(possibly because of \\?"(?<why>[^"\\\n]{1,120})\\?" while trying to verify candidate authority certificate \\?"(?<ca>[^"\\\n]{1,120})\\?"\)/,
    ],
    source: VERIFY,
    example:
      'Get https://192.0.2.7:2376/_ping: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "docker-ca")',
    meaning: "A CA with the right name is trusted, but its key did not make the signature.",
    topic: otherCaOfSameName,
    decode: ({ ca, why }) => [`the CA in your ca.pem is named "${ca}"; with its key: ${why}`],
  },
  {
    id: "x509-wrong-name",
    says: "Go's crypto/x509",
    patterns: [
      /x509: certificate is valid for (?<names>[^\n"]{1,2000}?), not (?<name>[A-Za-z0-9:][\w.:-]{0,252})/,
    ],
    source: VERIFY,
    example:
      'error during connect: Get "https://198.51.100.4:2376/v1.50/info": tls: failed to verify certificate: x509: certificate is valid for 127.0.0.1, 192.0.2.7, not 198.51.100.4',
    meaning: "The certificate is for other names or addresses than the one requested.",
    topic: nameMismatch,
    decode: ({ names, name }) => [`the certificate is for: ${names}`, `asked for: ${name}`],
  },
  {
    id: "x509-no-names",
    says: "Go's crypto/x509",
    patterns: [
      /x509: certificate is not valid for any names, but wanted to match (?<name>[A-Za-z0-9][\w.:-]{0,252})/,
    ],
    source: VERIFY,
    example:
      'Get "https://vps.example:2376/_ping": x509: certificate is not valid for any names, but wanted to match vps.example',
    meaning: "The certificate contains no DNS name.",
    topic: nameMismatch,
    decode: ({ name }) => ["the certificate is for no DNS name", `asked for: ${name}`],
  },
  {
    id: "x509-no-ip-sans",
    says: "Go's crypto/x509",
    patterns: [
      /x509: cannot validate certificate for (?<name>[A-Fa-f0-9:][\w.:-]{0,44}) because it doesn't contain any IP SANs/,
    ],
    source: VERIFY,
    example:
      'Get "https://192.0.2.7:2376/_ping": x509: cannot validate certificate for 192.0.2.7 because it doesn\'t contain any IP SANs',
    meaning: "The client connected to an IP address, and the certificate contains none.",
    topic: noIpSans,
    decode: ({ name }) => [`asked for the address: ${name}`],
  },
  {
    id: "x509-common-name",
    says: "Go's crypto/x509 since 1.15",
    patterns: [/x509: certificate relies on legacy Common Name field/],
    source: VERIFY,
    example:
      'Get "https://vps.example:2376/_ping": x509: certificate relies on legacy Common Name field, use SANs instead',
    meaning: "The certificate has no subject alternative name; the host's name is only in its common name.",
    topic: commonNameOnly,
  },
  {
    id: "x509-expired",
    says: "Go's crypto/x509",
    patterns: [
      new RegExp(
        `x509: certificate has expired or is not yet valid: current time ${MOMENTS.replace("(?:after|before)", "after")}`,
      ),
      /x509: certificate has expired or is not yet valid(?!: current time)/,
    ],
    source: VERIFY,
    example:
      'Get "https://192.0.2.7:2376/_ping": tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-24T03:44:58Z is after 2020-02-01T00:00:00Z',
    meaning:
      "The client's clock is outside the certificate's validity; a message without times does not say on which side.",
    topic: expired,
    decode: moments,
  },
  {
    id: "x509-not-yet-valid",
    says: "Go's crypto/x509 since 1.14",
    patterns: [
      new RegExp(
        `x509: certificate has expired or is not yet valid: current time ${MOMENTS.replace("(?:after|before)", "before")}`,
      ),
    ],
    source: VERIFY,
    example:
      'Get "https://192.0.2.7:2376/_ping": x509: certificate has expired or is not yet valid: current time 2026-11-24T03:44:58Z is before 2040-01-01T00:00:00Z',
    meaning: "The client's clock is earlier than the start of the certificate's validity.",
    topic: notYetValid,
    decode: moments,
  },
  {
    id: "x509-usage",
    says: "Go's crypto/x509",
    patterns: [
      /x509: certificate specifies an incompatible key usage/,
      /x509: certificate is not authorized to sign other certificates/,
    ],
    source: VERIFY,
    example: 'Get "https://192.0.2.7:2376/_ping": x509: certificate specifies an incompatible key usage',
    meaning: "The certificate is genuine, but not for this use.",
    topic: wrongUsage,
  },
];
