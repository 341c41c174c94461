/** Go's net/http as a server: lines in dockerd's log (and in that of any Go proxy) about clients it refused. */
import type { Groups, Message } from "../entry.ts";
import {
  clientExpired,
  clientRefusedServer,
  plainToTlsPort,
  refusedClient,
} from "../topics/client-certificate.ts";

const SERVER = "golang/go src/net/http/server.go";
const FROM = String.raw`TLS handshake error from (?<address>\[?[0-9A-Fa-f.:]{2,45}\]?):[0-9]{1,5}: `;
const from = ({ address }: Groups): string[] => (address ? [`the client: ${address}`] : []);

export const goServer: readonly Message[] = [
  {
    id: "server-log-client-distrusts",
    says: "Go's net/http, in dockerd's log",
    patterns: [
      new RegExp(
        `${FROM}remote error: (?:tls: )?(?:bad certificate|unknown certificate(?: authority)?|expired certificate)`,
      ),
    ],
    source: `${SERVER}; golang/go src/crypto/tls/alert.go`,
    example: "http: TLS handshake error from 203.0.113.9:51234: remote error: tls: bad certificate",
    meaning: "A client ended the handshake because it does not accept the server's certificate.",
    topic: clientRefusedServer,
    decode: from,
  },
  {
    id: "server-log-no-certificate",
    says: "Go's crypto/tls, in dockerd's log",
    patterns: [new RegExp(`(?:${FROM})?tls: client didn't provide a certificate`)],
    source: "golang/go src/crypto/tls/handshake_server.go",
    example: "http: TLS handshake error from 203.0.113.9:51234: tls: client didn't provide a certificate",
    meaning: "A client without a certificate was refused.",
    topic: refusedClient,
    decode: from,
  },
  {
    id: "server-log-expired-client",
    says: "Go's crypto/tls, in dockerd's log",
    patterns: [
      new RegExp(
        `(?:${FROM})?tls: failed to verify (?:client's|client) certificate: x509: certificate has expired[^\\n"]{0,120}`,
      ),
    ],
    source: "golang/go src/crypto/tls/handshake_server.go",
    example:
      "http: TLS handshake error from 203.0.113.9:51234: tls: failed to verify client certificate: x509: certificate has expired or is not yet valid: current time 2026-11-24T03:44:58Z is after 2020-02-01T00:00:00Z",
    meaning: "A client with an expired or not yet valid certificate was refused.",
    topic: clientExpired,
    decode: from,
  },
  {
    id: "server-log-foreign-client",
    says: "Go's crypto/tls, in dockerd's log",
    patterns: [
      new RegExp(
        `(?:${FROM})?tls: failed to verify (?:client's|client) certificate: (?!x509: certificate has expired)[^\\n]{0,200}`,
      ),
    ],
    source: "golang/go src/crypto/tls/handshake_server.go",
    example:
      "http: TLS handshake error from 203.0.113.9:51234: tls: failed to verify client certificate: x509: certificate signed by unknown authority",
    meaning: "A client with a certificate that does not verify was refused.",
    topic: refusedClient,
    decode: from,
  },
  {
    id: "server-log-plain",
    says: "Go's net/http, in dockerd's log",
    patterns: [
      new RegExp(
        `${FROM}(?:tls: first record does not look like a TLS handshake|tls: oversized record received with length [0-9]{1,6}|tls: unsupported SSLv2 handshake received)`,
      ),
    ],
    source: `${SERVER}; https://github.com/snail007/goproxy/issues/373`,
    example:
      "http: TLS handshake error from 203.0.113.9:51234: tls: first record does not look like a TLS handshake",
    meaning: "A client sent something other than TLS to the TLS port and was refused.",
    topic: plainToTlsPort,
    decode: from,
  },
  {
    id: "server-log-hung-up",
    says: "Go's net/http, in dockerd's log",
    patterns: [new RegExp(`${FROM}(?:EOF|[^\\n]{0,120}(?:connection reset by peer|i/o timeout))`)],
    source: SERVER,
    example: "http: TLS handshake error from 203.0.113.9:51234: EOF",
    meaning:
      "A client closed the connection before the handshake was over: a port scan, a health check, or a client that does not trust the server.",
    topic: refusedClient,
    decode: from,
  },
];
