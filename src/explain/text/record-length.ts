/**
 * "oversized record received with length N": Go read the peer's first five bytes as a TLS record header
 * (type, two of version, two of length), so N is bytes four and five of whatever the peer really said.
 * @see RFC 8446 section 5.1
 */

import { quoteBytes } from "../../engine/index.ts";

/** An opening of some protocol, by its first bytes. */
interface Opening {
  readonly bytes: string;
  readonly what: string;
}

/** What servers say first, what a server reads from a client that speaks no TLS, and what TLS itself would give. */
const OPENINGS: readonly Opening[] = [
  { bytes: "HTTP/", what: "a plain HTTP answer" },
  { bytes: "<html", what: "an HTML page without an HTTP head" },
  { bytes: "<HTML", what: "an HTML page without an HTTP head" },
  { bytes: "<!DOC", what: "an HTML page without an HTTP head" },
  { bytes: "SSH-2", what: "an SSH server" },
  { bytes: "SSH-1", what: "an SSH server" },
  { bytes: "* OK ", what: "an IMAP server" },
  { bytes: "+OK P", what: "a POP3 server" },
  { bytes: "220 m", what: "a mail or FTP server whose name begins with m" },
  { bytes: "220-F", what: "an FTP server" },
  { bytes: "-ERR ", what: "a Redis server" },
  { bytes: "-DENI", what: "a Redis server in protected mode" },
  { bytes: "RFB 0", what: "a VNC server" },
  { bytes: "CONNE", what: "a client asking for a proxy (CONNECT)" },
  { bytes: "GET /", what: "a client's plain HTTP request (GET)" },
  { bytes: "PUT /", what: "a client's plain HTTP request (PUT)" },
  { bytes: "POST ", what: "a client's plain HTTP request (POST)" },
  { bytes: "HEAD ", what: "a client's plain HTTP request (HEAD)" },
  { bytes: "DELET", what: "a client's plain HTTP request (DELETE)" },
  { bytes: "OPTIO", what: "a client's plain HTTP request (OPTIONS)" },
  { bytes: "PRI *", what: "a client's HTTP/2 preface without TLS" },
  { bytes: "\x00\x00\x12\x04\x00", what: "an HTTP/2 server's settings without TLS" },
  { bytes: "\x15\x03\x01\x00\x02", what: "a TLS alert" },
  { bytes: "\x15\x03\x03\x00\x02", what: "a TLS alert" },
];

/** Above it Go calls a record oversized: 2^14 bytes and 2,048 for TLS 1.2's ciphers (256 for TLS 1.3's). */
const OVERSIZED = { tls13: 16_384 + 256, tls12: 16_384 + 2_048 } as const;

/** What a record length tells. */
export interface RecordLength {
  /** As in the message. */
  readonly length: number;
  /** The peer's fourth and fifth byte. */
  readonly bytes: readonly [number, number];
  /** Both bytes as text where both are printable ASCII. */
  readonly text: string | undefined;
  /** Whether Go's limits allow this number in the message at all. */
  readonly possible: boolean;
  /** Openings with these bytes in this place; none: the number does not tell. */
  readonly openings: readonly { readonly text: string; readonly what: string }[];
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

/**
 * Decodes the length into the bytes that the peer sent.
 * @param length 0–65535, as two bytes can hold
 * @returns undefined for any other number
 */
export function decodeRecordLength(length: number): RecordLength | undefined {
  if (!Number.isInteger(length) || length < 0 || length > 0xffff) return undefined;
  const bytes = [length >> 8, length & 0xff] as const;
  const openings = OPENINGS.filter(
    (one) => one.bytes.charCodeAt(3) === bytes[0] && one.bytes.charCodeAt(4) === bytes[1],
  );
  return {
    length,
    bytes,
    text: bytes.every(isPrintable) ? String.fromCharCode(...bytes) : undefined,
    possible: length > OVERSIZED.tls13,
    openings: openings.map(({ bytes: text, what }) => ({ text, what })),
  };
}

const quoted = (text: string): string => quoteBytes(new TextEncoder().encode(text));

function unlikely({ length, possible }: RecordLength): string[] {
  if (!possible)
    return [`Go reports no length below ${OVERSIZED.tls13 + 1}: the number was changed on its way here`];
  return length > OVERSIZED.tls12 ? [] : ["only a TLS 1.3 connection reports a length this small"];
}

/** @returns what the number says, one line each; honest where it says little. */
export function describeRecordLength(length: number): string[] {
  const decoded = decodeRecordLength(length);
  if (!decoded)
    return [`${length} does not fit into the two bytes of a record's length, so it shows nothing`];
  const hex = `0x${length.toString(16).toUpperCase().padStart(4, "0")}`;
  const head = decoded.text === undefined ? `${length} = ${hex}` : `${length} = ${hex} = "${decoded.text}"`;
  const told = decoded.openings.map(
    ({ text, what }) =>
      `${head}: bytes four and five of "${quoted(text)}", read as the length of a TLS record: ${what}`,
  );
  const silent =
    decoded.text === undefined
      ? `${head}: not text, and not a known beginning: the number does not show what the peer speaks`
      : `${head}: text, so not TLS; no known protocol has it as its fourth and fifth bytes`;
  return [...(told.length > 0 ? told : [silent]), ...unlikely(decoded)];
}
