/** Why a message is not passed on. One reason is ambiguity: two parsers could read the bytes differently. */

/** What is wrong, in words for people, and the status that the client gets (RFC 9110 §15.5, §15.6). */
export interface Problem {
  readonly status: 400 | 408 | 413 | 417 | 431 | 505;
  /** Stable; goes to the audit log as the rule that refused. */
  readonly code: string;
  readonly text: string;
}

const bad = (code: string, text: string): Problem => ({ status: 400, code, text });

/** Every reason to refuse a message. */
export const PROBLEMS = {
  requestLine: bad("request-line", "the request line is not `METHOD /target HTTP/1.1`"),
  method: bad("method", "the Engine API has no such method"),
  target: bad(
    "target",
    "the target is not a path of visible ASCII characters, percent-encoded where it must be",
  ),
  version: {
    status: 505,
    code: "version",
    text: "only HTTP/1.1 is supported; configure a proxy in front to use it (nginx: proxy_http_version 1.1)",
  },
  statusLine: bad("status-line", "the status line cannot be read"),
  fold: bad("obs-fold", "a field line begins with white space"),
  colon: bad("field-name", "a field name is empty, or not followed by its colon"),
  value: bad("field-value", "a field value has a control character, or a bare CR or LF"),
  ending: bad("line-ending", "a line does not end with CRLF"),
  fields: { status: 431, code: "field-count", text: "there are too many fields" },
  headSize: { status: 431, code: "head-size", text: "the head is too large" },
  host: bad("host", "there must be exactly one Host field, with one host or nothing in it"),
  contentType: bad("content-type", "there is more than one Content-Type, or it is empty or has a tab"),
  contentLength: bad("content-length", "Content-Length is not one plain number"),
  transferEncoding: bad("transfer-encoding", "the only transfer coding is one `chunked`"),
  bothFramings: bad("both-framings", "Content-Length and Transfer-Encoding in one message"),
  connection: bad(
    "connection",
    "Connection says close and keep-alive, or names a field that a proxy would have to drop",
  ),
  proxyConnection: bad("proxy-connection", "Proxy-Connection is not allowed"),
  upgrade: bad("upgrade", "Upgrade does not name exactly one protocol"),
  expect: { status: 417, code: "expect", text: "the only expectation is 100-continue" },
  chunkSize: bad("chunk-size", "a chunk's size is not a plain hexadecimal number followed by CRLF"),
  chunkEnd: bad("chunk-end", "a chunk is not followed by CRLF"),
  headTimeout: { status: 408, code: "head-timeout", text: "the request head did not arrive in time" },
  bodyTimeout: {
    status: 408,
    code: "body-timeout",
    text: "the rest of the request body did not arrive in time",
  },
  trailer: bad("trailer", "a trailer field may not say how a message is framed, routed or authorised"),
} as const satisfies Record<string, Problem>;
