/** Bytes for fuzzing: messages made of parts that matter, and vectors, with a few bytes changed. */
import fc from "fast-check";
import { VECTORS } from "./vector.ts";

const CRLF = "\r\n";
const text = (...choices: readonly string[]) => fc.constantFrom(...choices);
/** Mostly the first, so that messages survive long enough to be interesting. */
const mostly = (common: fc.Arbitrary<string>, odd: fc.Arbitrary<string>) =>
  fc.oneof({ arbitrary: common, weight: 40 }, { arbitrary: odd, weight: 1 });

const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
const anyBytes = fc.array(anyByte, { maxLength: 12 }).map((parts) => parts.join(""));
const token = fc.stringMatching(/^[-!#$%&'*+.^_`|~0-9A-Za-z]{1,12}$/);
const method = mostly(text("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"), fc.oneof(token, anyBytes));
const target = mostly(
  text("/", "/_ping", "/containers/json?all=1", "/a%2fb", "//x", "/v1.41/x"),
  fc.oneof(anyBytes, fc.webUrl(), text("*", "a:1", "/%", "/%zz", "/\\", "/#")),
);
const version = mostly(
  text("HTTP/1.1"),
  text("HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "http/1.1", "", "HTTP/1.1 "),
);
const ending = mostly(text(CRLF), text("\n", "\r", "\r\r\n", "\n\r", "", "\r\n "));
const space = mostly(text(" "), text("", "  ", "\t", " \t ", "\u000b", "\u0000"));

const framingName = text("Content-Length", "content-length", "Transfer-Encoding", "TRANSFER-ENCODING");
const otherName = text(
  "Host",
  "Connection",
  "Upgrade",
  "Expect",
  "Content-Type",
  "X-A",
  "Trailer",
  "TE",
  "Accept",
);
const name = mostly(fc.oneof(framingName, otherName), fc.oneof(token, anyBytes));
const value = mostly(
  text(
    "0",
    "5",
    "10",
    "chunked",
    "Chunked",
    "close",
    "keep-alive",
    "upgrade",
    "tcp",
    "100-continue",
    "docker",
  ),
  fc.oneof(
    anyBytes,
    text("", "005", "+5", "5, 5", "0x5", "chunked, gzip", "gzip, chunked", "identity", "close, x"),
  ),
);
const oddLine = fc
  .tuple(name, mostly(text(":"), text(" :", "", "::")), space, value, mostly(text(""), space), ending)
  .map((parts) => parts.join(""));
const fineLine = text(
  "X-A: b\r\n",
  "Accept: */*\r\n",
  "X-A:\r\n",
  "x-b:   y   \r\n",
  "Content-Type: application/json\r\n",
  "Connection: keep-alive\r\n",
  "Connection: close\r\n",
  "Expect: 100-continue\r\n",
  "TE: trailers\r\n",
  "Connection: Upgrade\r\nUpgrade: tcp\r\n",
  "Connection: Upgrade\r\n",
  "Connection: , close,\r\n",
  "Upgrade: h2c\r\n",
  "X-A:\ta\tb\t\r\n",
  "Content_Length: 5\r\n",
);
const line = fc.oneof({ arbitrary: fineLine, weight: 12 }, { arbitrary: oddLine, weight: 1 });
const host = mostly(
  text(...Array(9).fill(`Host: docker${CRLF}`), `Host:${CRLF}`),
  fc.oneof(text("", "Host: a\r\nHost: b\r\n", "Host:\r\n"), anyBytes),
);
const chunk = fc
  .tuple(
    anyBytes.filter((data) => data !== ""),
    mostly(text(""), text("0", ";x", " ", "+", "0x")),
    ending,
    ending,
  )
  .map(
    ([data, odd, one, two]) =>
      `${odd === "0" || odd === "0x" ? odd : ""}${data.length.toString(16)}${
        odd.startsWith("0") ? "" : odd
      }${one}${data}${two}`,
  );
const trailer = fc.oneof(
  { arbitrary: text("", "", "X-Sum: 1\r\n"), weight: 6 },
  { arbitrary: line, weight: 1 },
);
const chunked = fc
  .tuple(fc.array(chunk, { maxLength: 3 }), ending, trailer, ending)
  .map(
    ([chunks, one, more, two]) =>
      `Transfer-Encoding: chunked${CRLF}${CRLF}${chunks.join("")}0${one}${more}${two}`,
  );
const sized = anyBytes.map((data) => `Content-Length: ${data.length}${CRLF}${CRLF}${data}`);
const body = mostly(fc.oneof(text(CRLF), sized, chunked), anyBytes);

const message = fc
  .tuple(method, space, target, space, version, ending, host, fc.array(line, { maxLength: 3 }), body)
  .map((parts) => parts.map((part) => (Array.isArray(part) ? part.join("") : part)).join(""));

const SPLINTERS = [
  ..."\r\n\0 \t:;,%0159aAfF\u000b\u007f\u0080\u00ff",
  CRLF,
  "\r\n\r\n",
  "\r\n ",
  "0\r\n\r\n",
  "chunked",
  "Content-Length: 5\r\n",
  "Transfer-Encoding: chunked\r\n",
  "Host: other\r\n",
  "Connection: close\r\n",
  "GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n",
  "5\r\nhello\r\n",
];
const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.constantFrom(0, 0, 1, 1, 2, 5),
  added: fc.oneof(text("", ...SPLINTERS), anyByte),
});
type Edit = { readonly at: number; readonly removed: number; readonly added: string };
const change = (whole: string, { at, removed, added }: Edit) => {
  const from = Math.floor(at * whole.length);
  return whole.slice(0, from) + added + whole.slice(from + removed);
};

const pipeline = fc.array(message, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(""));
const vector = fc.constantFrom(
  ...VECTORS.filter(({ bytes }) => bytes.length < 1500).map(({ bytes }) => bytes.toString("latin1")),
);

/** A connection's bytes. */
export const hostile: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.oneof(
      { arbitrary: pipeline, weight: 6 },
      { arbitrary: fc.tuple(vector, vector).map((two) => two.join("")), weight: 3 },
      { arbitrary: anyBytes, weight: 1 },
    ),
    fc.oneof(fc.constant([]), fc.array(edit, { maxLength: 2 })),
  )
  .map(([whole, edits]) => Buffer.from(edits.reduce(change, whole), "latin1"));

const statusLine = mostly(
  text("HTTP/1.1 200 OK\r\n", "HTTP/1.1 101 UPGRADED\r\n", "HTTP/1.1 404 \r\n", "HTTP/1.1 204\r\n"),
  fc.oneof(anyBytes, text("HTTP/1.0 200 OK\r\n", "HTTP/1.1 99 X\r\n", "HTTP/1.1 200 OK\n")),
);

/** What a broken dockerd might answer. */
export const hostileAnswer: fc.Arbitrary<Buffer> = fc
  .tuple(statusLine, fc.array(line, { maxLength: 3 }), body, fc.array(edit, { maxLength: 2 }))
  .map(([first, lines, rest, edits]) =>
    Buffer.from(edits.reduce(change, first + lines.join("") + rest), "latin1"),
  );

/** Where bytes are cut, as parts of the whole. */
export const cuts: fc.Arbitrary<readonly number[]> = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), {
  maxLength: 6,
});

/** A request as it was meant, all of it lawful and nothing that we refuse. */
export interface Plain {
  readonly method: string;
  readonly target: string;
  readonly body: string;
  readonly framing: "length" | "chunked";
}

export const plain: fc.Arbitrary<Plain> = fc.record({
  method: text("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"),
  // %00 is a byte of a path to the RFC, and refused by us
  target: fc.webPath().map((path) => `/${path.replace(/^\/+/, "").replaceAll("%00", "%01")}`),
  body: fc.array(anyByte, { maxLength: 40 }).map((parts) => parts.join("")),
  framing: fc.constantFrom("length", "chunked"),
});
