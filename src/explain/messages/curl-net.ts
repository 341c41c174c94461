/** curl, by its exit codes: connections that fail. */
import type { Message } from "../entry.ts";
import { eof, refused, reset, timeout, unresolved } from "../topics/network.ts";
import { otherService } from "../topics/protocol.ts";

export const curlNet: readonly Message[] = [
  {
    id: "curl-52",
    says: "curl",
    patterns: [/curl: \(52\) Empty reply from server/],
    source: "curl/curl lib/http.c",
    example: "curl: (52) Empty reply from server",
    meaning: "The peer accepted the request and closed the connection without an answer.",
    topic: eof,
  },
  {
    id: "curl-reset",
    says: "curl",
    patterns: [/curl: \((?:35|55|56)\) (?:Recv|Send) failure: Connection (?:was )?reset[^\n]{0,20}/],
    source: "curl/curl lib/cf-socket.c",
    example: "curl: (56) Recv failure: Connection reset by peer",
    meaning: "The other side cut the connection.",
    topic: reset,
  },
  {
    id: "curl-7",
    says: "curl",
    patterns: [
      /curl: \(7\) (?:Failed to connect to \S{1,260} port [0-9]{1,5}(?: after [0-9]{1,9} ms)?: (?:Couldn't|Could not) connect to server|[^\n]{0,120}Connection refused)/,
    ],
    source: "curl/curl lib/cf-ip-happy.c and lib/strerror.c",
    example: "curl: (7) Failed to connect to 192.0.2.7 port 2376 after 0 ms: Couldn't connect to server",
    meaning: "The connection failed; curl prints this for refused connections and for missing routes.",
    topic: refused,
  },
  {
    id: "curl-28",
    says: "curl",
    patterns: [
      /curl: \(28\) (?:Connection timed out|Failed to connect to|Operation timed out|SSL connection timeout)[^\n]{0,200}/,
    ],
    source: "curl/curl lib/strerror.c",
    example: "curl: (28) Failed to connect to 192.0.2.7 port 2376 after 131072 ms: Connection timed out",
    meaning: "The connection or the answer took too long.",
    topic: timeout,
  },
  {
    id: "curl-6",
    says: "curl",
    patterns: [/curl: \(6\) Could not resolve host(?:name)?: (?<name>[A-Za-z0-9][\w.-]{0,252})/],
    source: "curl/curl lib/strerror.c",
    example: "curl: (6) Could not resolve host: vps.exmaple",
    meaning: "The name could not be resolved.",
    topic: unresolved,
  },
  {
    id: "curl-1-http09",
    says: "curl",
    patterns: [/curl: \(1\) Received HTTP\/0\.9 when not allowed/],
    source: "curl/curl lib/http.c",
    example: "curl: (1) Received HTTP/0.9 when not allowed",
    meaning: "The answer does not begin like an HTTP answer.",
    topic: otherService,
  },
];
