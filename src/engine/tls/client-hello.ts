/**
 * Builds a ClientHello, to ask a server for protocol versions and ciphers that our TLS library no longer supports. It
 * never completes a handshake.
 * @see RFC 5246 section 7.4.1.2, RFC 8446 section 4.1.2
 */
import { TLS13_SUITES } from "./cipher-suites.ts";

/** TLS protocol versions, oldest first. */
export const TLS_VERSIONS = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"] as const;

/** One of them. */
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** What to offer. */
export interface HelloOptions {
  /** The only version offered (1.3), or the highest (earlier versions). */
  readonly version: TlsVersion;
  /** Numbers, for 1.2 and earlier; 1.3 offers its own five. */
  readonly suites: readonly number[];
  /** DNS name for SNI; null if the server is addressed by IP (RFC 6066 section 3). */
  readonly serverName: string | null;
  /** 96 random bytes: client random, session id, key share. */
  readonly random: Uint8Array;
}

const NUMBER: Readonly<Record<TlsVersion, number>> = {
  TLSv1: 0x0301,
  "TLSv1.1": 0x0302,
  "TLSv1.2": 0x0303,
  "TLSv1.3": 0x0304,
};

/** EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): some servers refuse clients without it. */
const RENEGOTIATION = 0x00ff;
/** x25519, P-256, P-384, P-521. */
const GROUPS = [0x001d, 0x0017, 0x0018, 0x0019];
/** ECDSA, RSA-PSS and RSA with SHA-2; RSA and ECDSA with SHA-1 for old servers. */
const SIGNATURES = [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201];

const u16 = (value: number): number[] => [value >> 8, value & 0xff];
const words = (values: readonly number[]): number[] => values.flatMap(u16);
/** Prefixes bytes with their length, in one or two bytes. */
const sized = (bytes: readonly number[], lengthBytes: 1 | 2): number[] =>
  lengthBytes === 1 ? [bytes.length, ...bytes] : [...u16(bytes.length), ...bytes];

function extension(type: number, content: readonly number[]): number[] {
  return [...u16(type), ...sized(content, 2)];
}

function serverNameExtension(name: string): number[] {
  const bytes = [...new TextEncoder().encode(name)];
  return extension(0, sized([0, ...sized(bytes, 2)], 2));
}

function extensions({ version, serverName, random }: HelloOptions): number[] {
  const keyShare = [...u16(0x001d), ...sized([...random.subarray(64, 96)], 2)];
  return [
    ...(serverName === null ? [] : serverNameExtension(serverName)),
    ...extension(10, sized(words(GROUPS), 2)),
    ...extension(11, sized([0], 1)),
    // TLS before 1.2 has no signature algorithms, and some servers refuse them.
    ...(NUMBER[version] >= NUMBER["TLSv1.2"] ? extension(13, sized(words(SIGNATURES), 2)) : []),
    ...(version === "TLSv1.3"
      ? [
          ...extension(43, sized(u16(NUMBER[version]), 1)),
          ...extension(45, sized([1], 1)),
          // Any 32 bytes are a public key for x25519 (RFC 7748 section 5).
          ...extension(51, sized(keyShare, 2)),
        ]
      : []),
  ];
}

/** @returns one TLS record with the whole ClientHello */
export function encodeClientHello(options: HelloOptions): Uint8Array {
  const { version, random } = options;
  const suites = version === "TLSv1.3" ? TLS13_SUITES : [...options.suites, RENEGOTIATION];
  const body = [
    ...u16(Math.min(NUMBER[version], NUMBER["TLSv1.2"])),
    ...random.subarray(0, 32),
    ...sized([...random.subarray(32, 64)], 1),
    ...sized(words(suites), 2),
    ...sized([0], 1),
    ...sized(extensions(options), 2),
  ];
  const handshake = [1, 0, ...u16(body.length), ...body];
  // Record version 3.1: RFC 8446 section 5.1 recommends it, because old servers refuse later ones.
  return Uint8Array.from([22, 3, 1, ...sized(handshake, 2)]);
}

/** @returns the version for its number on the wire; undefined for SSL 3 and unknown numbers */
export function tlsVersionOf(number: number): TlsVersion | undefined {
  return TLS_VERSIONS.find((version) => NUMBER[version] === number);
}
