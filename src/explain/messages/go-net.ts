/** Go's net: connections that fail. */
import type { Message } from "../entry.ts";
import { eof, noRoute, refused, reset, timeout, unresolved } from "../topics/network.ts";

const ERRNO = "golang/go src/syscall/zerrors_linux_amd64.go and src/net/net.go";

export const goNet: readonly Message[] = [
  {
    id: "go-refused",
    says: "Go's net",
    patterns: [
      /(?:dial tcp[46]? \S{3,60}: )?(?:connect|connectex|getsockopt): (?:connection refused|No connection could be made)/,
    ],
    source: ERRNO,
    example:
      'error during connect: Get "https://192.0.2.7:2376/_ping": dial tcp 192.0.2.7:2376: connect: connection refused',
    meaning: "The host refused the connection (TCP RST).",
    topic: refused,
  },
  {
    id: "go-timeout",
    says: "Go's net",
    patterns: [/dial tcp[46]? \S{3,60}: (?:i\/o timeout|connect: (?:connection|operation) timed out)/],
    source: ERRNO,
    example: 'Get "https://192.0.2.7:2376/_ping": dial tcp 192.0.2.7:2376: i/o timeout',
    meaning: "The connection attempt got no answer.",
    topic: timeout,
  },
  {
    id: "go-no-route",
    says: "Go's net",
    patterns: [/connect: (?:no route to host|network is unreachable|host is down)/],
    source: ERRNO,
    example: "dial tcp [2001:db8::7]:2376: connect: network is unreachable",
    meaning: "The system, or a router on the path, has no route to the address.",
    topic: noRoute,
  },
  {
    id: "go-reset",
    says: "Go's net",
    patterns: [/(?:read|write|connect): (?:connection reset by peer|broken pipe)/],
    source: ERRNO,
    example:
      'Get "https://192.0.2.7:2376/v1.24/info": read tcp 10.0.0.5:48568->192.0.2.7:2376: read: connection reset by peer',
    meaning: "The connection was open, and the other side cut it.",
    topic: reset,
  },
  {
    id: "go-eof",
    says: "Go's net/http",
    patterns: [/(?:Get|Head|Post|Put|Delete) "?\S{8,400}: (?:unexpected )?EOF\b/],
    source: "golang/go src/io/io.go and src/net/http/transport.go",
    example: 'error during connect: Get "http://192.0.2.7:2376/v1.50/containers/json": EOF',
    meaning: "The other side closed the connection before it answered.",
    topic: eof,
  },
  {
    id: "go-no-such-host",
    says: "Go's net",
    patterns: [
      /lookup (?<name>[A-Za-z0-9][\w.-]{0,252})(?: on \S{3,60})?: (?:no such host|server misbehaving|i\/o timeout|Temporary failure in name resolution)/,
    ],
    source: "golang/go src/net/net.go",
    example:
      'error during connect: Get "http://vps.exmaple:2376/v1.50/containers/json": dial tcp: lookup vps.exmaple on 192.0.2.53:53: no such host',
    meaning: "The name could not be resolved.",
    topic: unresolved,
  },
];
