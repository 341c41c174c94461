/** Go's net/http: invalid answers, proxies and registries. */
import type { Message } from "../entry.ts";
import { describeFirstBytes } from "../text/first-bytes.ts";
import { unquoteBytes } from "../text/quoted-bytes.ts";
import { proxyBetween, registry, silent } from "../topics/network.ts";
import { otherService, plainPeer, tlsPeer } from "../topics/protocol.ts";

const HTTP_RESPONSE = "golang/go src/net/http/response.go";

export const goHttp: readonly Message[] = [
  {
    id: "go-http-to-https-client",
    says: "Go's net/http",
    patterns: [
      /http: server gave HTTP response to HTTPS client/,
      /^[ \t"'`]{0,8}(?:http: )?server gave HTTP response to HTTPS client[.\s"'`]{0,8}$/im,
    ],
    source: "golang/go src/net/http/client.go",
    example:
      'error during connect: Get "https://192.0.2.7:2375/v1.50/containers/json": http: server gave HTTP response to HTTPS client',
    meaning: 'The client began TLS, and the answer began with "HTTP/": the peer speaks plain HTTP.',
    topic: plainPeer,
  },
  {
    id: "go-http-to-https-server",
    says: "Go's net/http as the server, that is: dockerd",
    patterns: [/client sent an HTTP request to an HTTPS server/i],
    source: "golang/go src/net/http/server.go; https://github.com/docker/compose/issues/9790",
    example: "Error response from daemon: Client sent an HTTP request to an HTTPS server.",
    meaning: "The daemon got plain HTTP on a port that requires TLS, and said so.",
    topic: tlsPeer,
  },
  {
    id: "go-malformed-tls",
    says: "Go's net/http",
    patterns: [
      /malformed HTTP response "(?<bytes>\\x1[56]\\x03[^"\n]{0,300})"(?:[^\n]{0,4}\n?\* Are you trying to connect to a TLS-enabled daemon without TLS\?)?/,
    ],
    source: `${HTTP_RESPONSE}; https://github.com/fsouza/go-dockerclient/pull/398`,
    example:
      'Get http://192.0.2.7:2376/v1.20/containers/json: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02".\n* Are you trying to connect to a TLS-enabled daemon without TLS?',
    meaning: "The client sent plain HTTP and got a TLS record.",
    topic: tlsPeer,
    decode: ({ bytes = "" }) => describeFirstBytes(unquoteBytes(bytes)),
  },
  {
    id: "go-malformed-other",
    says: "Go's net/http",
    patterns: [/malformed HTTP response "(?<bytes>[^"\n]{0,300})"/],
    source: HTTP_RESPONSE,
    example:
      'Get "http://192.0.2.7:22/v1.50/containers/json": net/http: HTTP/1.x transport connection broken: malformed HTTP response "SSH-2.0-OpenSSH_9.2".\n* Are you trying to connect to a TLS-enabled daemon without TLS?',
    meaning: "The client sent plain HTTP and got something other than HTTP.",
    topic: otherService,
    decode: ({ bytes = "" }) => describeFirstBytes(unquoteBytes(bytes)),
  },
  {
    id: "go-no-answer",
    says: "Go's net/http and context",
    patterns: [
      /net\/http: TLS handshake timeout/,
      /\(Client\.Timeout (?:exceeded while awaiting headers|or context cancellation while reading body)\)/,
      /context deadline exceeded/,
      /net\/http: timeout awaiting response headers/,
    ],
    source: "golang/go src/net/http/transport.go, src/net/http/client.go and src/context/context.go",
    example: 'error during connect: Get "https://192.0.2.7:2376/v1.50/info": net/http: TLS handshake timeout',
    meaning: "The client timed out while it waited for the handshake or the answer.",
    topic: silent,
  },
  {
    id: "go-proxy",
    says: "Go's net/http",
    patterns: [/proxyconnect tcp: [^\n]{1,300}/],
    source: "golang/go src/net/http/transport.go; https://github.com/moby/moby/issues/37102",
    example:
      'Get "https://192.0.2.7:2376/_ping": proxyconnect tcp: tls: oversized record received with length 20527',
    meaning: "The connection to the proxy failed before the daemon was asked anything.",
    topic: proxyBetween,
  },
  {
    id: "daemon-registry",
    says: "dockerd, about an image registry's answer",
    patterns: [
      /Error response from daemon: [^\n]{0,200}?(?:Get|Head) "?https?:\/\/(?<registry>[^\s"'/]{3,260})\/v2\/[^\n]{0,400}/,
    ],
    source: "https://github.com/moby/moby/issues/23847; https://github.com/moby/moby/issues/37102",
    example:
      'Error response from daemon: Get "https://images.example:5000/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    meaning: "The daemon reports why its own request to an image registry failed.",
    topic: registry,
    decode: ({ registry: name }) => [`the registry: ${name}`],
  },
];
