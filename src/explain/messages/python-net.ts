/** Python's sockets, http.client, urllib3 and requests. */
import type { Message } from "../entry.ts";
import { describeFirstBytes } from "../text/first-bytes.ts";
import { unquoteBytes } from "../text/quoted-bytes.ts";
import { noRoute, refused, reset, silent, timeout } from "../topics/network.ts";
import { otherService, tlsPeer } from "../topics/protocol.ts";

const COMPOSE = "docker/compose 1.29.2 compose/cli/errors.py";

export const pythonNet: readonly Message[] = [
  {
    id: "python-bad-status-tls",
    says: "Python's http.client",
    patterns: [/BadStatusLine\((?:[b"'\\]{0,3})(?<bytes>\\x1[56]\\x03[^"'\n]{0,200})/],
    source: "python/cpython Lib/http/client.py",
    example: "('Connection aborted.', BadStatusLine('\\x15\\x03\\x01\\x00\\x02\\x02\\n'))",
    meaning: "The program spoke plain HTTP, and the answer is a TLS record.",
    topic: tlsPeer,
    decode: ({ bytes = "" }) => describeFirstBytes(unquoteBytes(bytes)),
  },
  {
    id: "python-bad-status",
    says: "Python's http.client",
    patterns: [/BadStatusLine\((?:[b"'\\]{0,3})(?<bytes>[^"'\n]{1,200})/],
    source: "python/cpython Lib/http/client.py",
    example: "('Connection aborted.', BadStatusLine('SSH-2.0-OpenSSH_9.2\\r\\n'))",
    meaning: "The program spoke plain HTTP, and the answer is not HTTP.",
    topic: otherService,
    decode: ({ bytes = "" }) => describeFirstBytes(unquoteBytes(bytes)),
  },
  {
    id: "python-refused",
    says: "Python",
    patterns: [/\[Errno (?:111|61)\] Connection refused|ConnectionRefusedError\([0-9]{1,5}/],
    source: "python/cpython Objects/exceptions.c; urllib3/urllib3 src/urllib3/exceptions.py",
    example:
      "HTTPSConnectionPool(host='192.0.2.7', port=2376): Max retries exceeded with url: /version (Caused by NewConnectionError(\"HTTPSConnection(host='192.0.2.7', port=2376): Failed to establish a new connection: [Errno 111] Connection refused\"))",
    meaning: "The host refused the attempt to connect.",
    topic: refused,
  },
  {
    id: "python-no-route",
    says: "Python",
    patterns: [/\[Errno (?:113|101|65|51)\] (?:No route to host|Network is unreachable)/],
    source: "urllib3/urllib3 src/urllib3/exceptions.py",
    example: "Failed to establish a new connection: [Errno 113] No route to host",
    meaning: "The system has no route to the address.",
    topic: noRoute,
  },
  {
    id: "python-timeout",
    says: "Python and urllib3",
    patterns: [
      /\[Errno (?:110|60)\] (?:Connection|Operation) timed out|ConnectTimeoutError\([^\n]{0,200}timed out/,
    ],
    source: "urllib3/urllib3 src/urllib3/exceptions.py",
    example:
      "HTTPSConnectionPool(host='192.0.2.7', port=2376): Max retries exceeded with url: /version (Caused by ConnectTimeoutError(<urllib3.connection.HTTPSConnection object at 0x7f>, 'Connection to 192.0.2.7 timed out. (connect timeout=60)'))",
    meaning: "The connection attempt got no answer.",
    topic: timeout,
  },
  {
    id: "python-reset",
    says: "Python",
    patterns: [/\[Errno (?:104|54)\] Connection reset by peer|ConnectionResetError\((?:104|54)/],
    source: "python/cpython Objects/exceptions.c",
    example: "('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))",
    meaning: "The other side cut the connection.",
    topic: reset,
  },
  {
    id: "python-read-timeout",
    says: "requests and urllib3; docker-compose 1.x in its own words",
    patterns: [
      /Read timed out\. \(read timeout=[0-9.]{1,8}\)/,
      /The handshake operation timed out/,
      /An HTTP request took too long to complete\. Retry with --verbose/,
    ],
    source: `${COMPOSE}; urllib3/urllib3 src/urllib3/exceptions.py`,
    example:
      "ERROR: An HTTP request took too long to complete. Retry with --verbose to obtain debug information.\nIf you encounter this issue regularly because of slow network conditions, consider setting COMPOSE_HTTP_TIMEOUT to a higher value (current value: 60).",
    meaning: "The program timed out while it waited for an answer.",
    topic: silent,
  },
];
