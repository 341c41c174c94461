/**
 * Reads a server's reply to a ClientHello: the ServerHello, and before TLS 1.3 its certificates, which are not
 * encrypted. The bytes may be hostile: every length is checked, and nothing is read twice.
 * @see RFC 5246 section 7.4, RFC 8446 section 4.1.3
 */
import { type TlsVersion, tlsVersionOf } from "./client-hello.ts";

/** What the bytes so far contain. */
export interface ServerFlight {
  /** `more`: incomplete; `hello`: the server agreed; `refused`: an alert, or not TLS. */
  readonly state: "more" | "hello" | "refused";
  readonly version?: TlsVersion;
  /** Number of the cipher suite. */
  readonly suite?: number;
  /** DER, the server's own first; present once they have arrived, and empty if none will (anonymous suites). */
  readonly certificates?: readonly Uint8Array[];
}

const HANDSHAKE = 22;
const SERVER_HELLO = 2;
const CERTIFICATE = 11;
const SERVER_HELLO_DONE = 14;
const SUPPORTED_VERSIONS = 43;

const MORE: ServerFlight = { state: "more" };
const REFUSED: ServerFlight = { state: "refused" };

const u16 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
const u24 = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 16) | u16(bytes, at + 1);

/** Handshake bytes of the leading records; stops at the first record of another kind. */
function handshakeBytes(bytes: Uint8Array): { readonly content: Uint8Array; readonly foreign: boolean } {
  const parts: Uint8Array[] = [];
  let at = 0;
  let foreign = false;
  while (at < bytes.length) {
    foreign = bytes[at] !== HANDSHAKE || (bytes[at + 1] ?? 3) !== 3;
    if (foreign || at + 5 > bytes.length) break;
    const length = u16(bytes, at + 3);
    parts.push(bytes.subarray(at + 5, at + 5 + length));
    at += 5 + length;
  }
  const content = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    content.set(part, end);
    end += part.length;
  }
  return { content, foreign };
}

interface Message {
  readonly type: number;
  readonly body: Uint8Array;
}

function messages(content: Uint8Array): Message[] {
  const found: Message[] = [];
  for (let at = 0; at + 4 <= content.length; ) {
    const end = at + 4 + u24(content, at + 1);
    if (end > content.length) break;
    found.push({ type: content[at] ?? 0, body: content.subarray(at + 4, end) });
    at = end;
  }
  return found;
}

/** TLS 1.3 puts 1.2 in the old field and the real version in an extension (RFC 8446 section 4.2.1). */
function chosenVersion(body: Uint8Array, extensionsAt: number): number {
  const end = Math.min(body.length, extensionsAt + 2 + u16(body, extensionsAt));
  for (let at = extensionsAt + 2; at + 4 <= end; at += 4 + u16(body, at + 2))
    if (u16(body, at) === SUPPORTED_VERSIONS) return u16(body, at + 4);
  return u16(body, 0);
}

function readHello(body: Uint8Array): ServerFlight {
  const suiteAt = 35 + (body[34] ?? 0);
  if (suiteAt + 3 > body.length) return REFUSED;
  const version = tlsVersionOf(chosenVersion(body, suiteAt + 3));
  return version ? { state: "hello", version, suite: u16(body, suiteAt) } : REFUSED;
}

function readCertificates(body: Uint8Array): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 3; at + 3 <= body.length; ) {
    const end = at + 3 + u24(body, at);
    if (end > body.length || end === at + 3) break;
    found.push(body.subarray(at + 3, end));
    at = end;
  }
  return found;
}

/**
 * @param bytes everything received so far, limited by the caller
 * @returns `hello` as soon as the ServerHello is complete; call again with more bytes for the certificates
 */
export function readServerFlight(bytes: Uint8Array): ServerFlight {
  const { content, foreign } = handshakeBytes(bytes);
  const [first, ...rest] = messages(content);
  if (!first) return foreign || (content[0] ?? SERVER_HELLO) !== SERVER_HELLO ? REFUSED : MORE;
  if (first.type !== SERVER_HELLO) return REFUSED;
  const hello = readHello(first.body);
  const shown = rest.find(({ type }) => type === CERTIFICATE);
  const over = rest.some(({ type }) => type === SERVER_HELLO_DONE);
  if (hello.state !== "hello" || !(shown || over)) return hello;
  return { ...hello, certificates: shown ? readCertificates(shown.body) : [] };
}
