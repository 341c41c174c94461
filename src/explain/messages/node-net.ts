/** Node.js: connections that fail. */
import type { Message } from "../entry.ts";
import { eof, noRoute, refused, reset, timeout, unresolved } from "../topics/network.ts";
import { otherService } from "../topics/protocol.ts";

const WRAP = "nodejs/node lib/internal/tls/wrap.js";

export const nodeNet: readonly Message[] = [
  {
    id: "node-closed-early",
    says: "Node.js",
    patterns: [
      /Client network socket disconnected before secure TLS connection was established/,
      /Error: socket hang up/,
    ],
    source: `${WRAP} and nodejs/node lib/_http_client.js`,
    example: "Error: Client network socket disconnected before secure TLS connection was established",
    meaning: "The peer closed the connection during the handshake or before it answered.",
    topic: eof,
  },
  {
    id: "node-no-http",
    says: "Node.js",
    patterns: [/Parse Error: Expected HTTP\//, /\bHPE_INVALID_CONSTANT\b/],
    source: "nodejs/node lib/_http_client.js",
    example: "Error: Parse Error: Expected HTTP/, RTSP/ or ICE/",
    meaning: "The program spoke plain HTTP, and the answer is not HTTP.",
    topic: otherService,
  },
  ...(
    [
      ["refused", "ECONNREFUSED", "The host refused the attempt to connect.", refused],
      ["timeout", "ETIMEDOUT", "The connection attempt got no answer.", timeout],
      ["no-route", "E(?:HOST|NET)UNREACH", "The system has no route to the address.", noRoute],
      ["reset", "ECONNRESET", "The other side cut the connection.", reset],
    ] as const
  ).map(
    ([id, errno, meaning, topic]): Message => ({
      id: `node-${id}`,
      says: "Node.js",
      patterns: [new RegExp(`\\b(?:connect|read|write) ${errno}(?: \\S{3,260}:[0-9]{1,5})?`)],
      source: "nodejs/node lib/net.js",
      example: `Error: connect ${errno.replace("(?:HOST|NET)", "HOST")} 192.0.2.7:2376`,
      meaning,
      topic,
    }),
  ),
  {
    id: "node-not-found",
    says: "Node.js",
    patterns: [/getaddrinfo (?:ENOTFOUND|EAI_AGAIN)(?: (?<name>[A-Za-z0-9][\w.-]{0,252}))?/],
    source: "nodejs/node lib/dns.js",
    example: "Error: getaddrinfo ENOTFOUND vps.exmaple",
    meaning: "The name could not be resolved.",
    topic: unresolved,
  },
];
