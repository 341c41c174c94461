/** Go's crypto/tls as a client: docker, buildx, compose 2, and whatever else is written in Go. */
import type { Message } from "../entry.ts";
import { describeRecordLength } from "../text/record-length.ts";
import {
  badCertificate,
  certificateRequired,
  clientExpired,
  unknownCa,
} from "../topics/client-certificate.ts";
import { handshakeFailed, notTlsPeer, oldTls, plainPeer, tlsAlert } from "../topics/protocol.ts";

const ALERTS = "golang/go src/crypto/tls/alert.go";

export const goTls: readonly Message[] = [
  {
    id: "go-oversized-record-http",
    says: "Go's crypto/tls up to 1.10 (docker up to 18.06)",
    patterns: [
      /tls: oversized record received with length (?<length>20527)\b/,
      /^[ \t"'`]{0,8}oversized record received with length (?<length>20527)[.\s"'`]{0,8}$/im,
    ],
    source: "https://github.com/moby/moby/issues/14793; golang/go src/crypto/tls/conn.go",
    example:
      "An error occurred trying to connect: Get https://192.0.2.7:2376/v1.19/images/json: tls: oversized record received with length 20527",
    meaning:
      "The client began TLS and read the first five bytes that came back as the header of a TLS record; the length in it was impossible.",
    topic: plainPeer,
    decode: ({ length }) => describeRecordLength(Number(length)),
  },
  {
    id: "go-oversized-record",
    says: "Go's crypto/tls",
    patterns: [
      /tls: oversized record received with length (?<length>[0-9]{1,6})\b/,
      /^[ \t"'`]{0,8}oversized record received with length (?<length>[0-9]{1,6})[.\s"'`]{0,8}$/im,
    ],
    source: "golang/go src/crypto/tls/conn.go; https://github.com/zmap/zgrab/issues/289",
    example: "Get https://192.0.2.7:2376/_ping: tls: oversized record received with length 19232",
    meaning:
      "The client began TLS and read the first five bytes that came back as the header of a TLS record; the length in it was impossible.",
    topic: notTlsPeer,
    decode: ({ length }) => describeRecordLength(Number(length)),
  },
  {
    id: "go-not-tls",
    says: "Go's crypto/tls since 1.11 (docker since 18.09)",
    patterns: [
      /tls: first record does not look like a TLS handshake/,
      /^[ \t"'`]{0,8}first record does not look like a TLS handshake[.\s"'`]{0,8}$/im,
    ],
    source: "golang/go src/crypto/tls/conn.go",
    example:
      'error during connect: Get "https://192.0.2.7:22/v1.41/containers/json": tls: first record does not look like a TLS handshake',
    meaning: "The client began TLS, and the first five bytes that came back are not a TLS record.",
    topic: notTlsPeer,
  },
  {
    id: "go-sslv2",
    says: "Go's crypto/tls",
    patterns: [/tls: unsupported SSLv2 handshake received/],
    source: "golang/go src/crypto/tls/conn.go",
    example: "http: TLS: tls: unsupported SSLv2 handshake received",
    meaning: "The first byte received has its highest bit set, as in SSL 2.0 and never in TLS.",
    topic: notTlsPeer,
  },
  {
    id: "go-bad-certificate",
    says: "Go's crypto/tls, passing on the server's alert 42",
    patterns: [
      /(?:the server probably has client authentication [^\n]{0,120})?remote error: (?:tls: )?bad certificate/i,
      /^[ \t"'`]{0,8}(?:tls: )?bad certificate[.\s"'`]{0,8}$/im,
    ],
    source: ALERTS,
    example:
      'The server probably has client authentication (--tlsverify) enabled. Please check your TLS client certification settings: Get "https://192.0.2.7:2376/v1.24/info": remote error: tls: bad certificate',
    meaning: "The server sent the alert bad_certificate.",
    topic: badCertificate,
  },
  {
    id: "go-certificate-required",
    says: "Go's crypto/tls, passing on the server's alert 116 (TLS 1.3)",
    patterns: [
      /remote error: tls: certificate required/,
      /^[ \t"'`]{0,8}(?:tls: )?certificate required[.\s"'`]{0,8}$/im,
    ],
    source: ALERTS,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": remote error: tls: certificate required',
    meaning: "The server sent the alert certificate_required.",
    topic: certificateRequired,
  },
  {
    id: "go-unknown-ca",
    says: "Go's crypto/tls, passing on the server's alert 48",
    patterns: [
      /remote error: tls: unknown certificate authority/,
      /^[ \t"'`]{0,8}(?:tls: )?unknown certificate authority[.\s"'`]{0,8}$/im,
    ],
    source: ALERTS,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": remote error: tls: unknown certificate authority',
    meaning: "The server sent the alert unknown_ca.",
    topic: unknownCa,
  },
  {
    id: "go-expired-client",
    says: "Go's crypto/tls, passing on the server's alert 45",
    patterns: [/remote error: tls: expired certificate/],
    source: ALERTS,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": remote error: tls: expired certificate',
    meaning: "The server sent the alert certificate_expired.",
    topic: clientExpired,
  },
  {
    id: "go-handshake-failure",
    says: "Go's crypto/tls, passing on the server's alert 40",
    patterns: [
      /(?:the server probably has client authentication [^\n]{0,120})?remote error: (?:tls: )?handshake failure/i,
    ],
    source: ALERTS,
    example:
      'error during connect: Get "https://192.0.2.7:2376/v1.50/containers/json": remote error: tls: handshake failure',
    meaning: "The server sent the alert handshake_failure.",
    topic: handshakeFailed,
  },
  {
    id: "go-protocol-version",
    says: "Go's crypto/tls",
    patterns: [
      /remote error: tls: protocol version not supported/,
      /tls: server selected unsupported protocol version [0-9a-f]{3,4}/,
      /tls: no supported versions satisfy MinVersion and MaxVersion/,
    ],
    source: "golang/go src/crypto/tls/alert.go and handshake_client.go",
    example: 'Get "https://192.0.2.7:2376/_ping": remote error: tls: protocol version not supported',
    meaning: "Client and server have no TLS version in common.",
    topic: oldTls,
  },
  {
    id: "go-other-alert",
    says: "Go's crypto/tls, passing on an alert of the server",
    patterns: [
      /(?:remote|local) error: tls: (?:unexpected message|bad record MAC|record overflow|unsupported certificate|revoked certificate|unknown certificate|illegal parameter|access denied|error (?:decoding|decrypting) message|insufficient security level|internal error|inappropriate fallback|user canceled|missing extension|unsupported extension|unrecognized name|no application protocol|alert\([0-9]{1,3}\))/,
    ],
    source: ALERTS,
    example: 'Get "https://192.0.2.7:2376/_ping": remote error: tls: internal error',
    meaning: "One side ended the connection with an alert: remote, the server; local, the client itself.",
    topic: tlsAlert,
  },
];
