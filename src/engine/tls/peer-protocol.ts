/** Recognises by the first bytes which protocol a peer speaks. */

/** The protocol that the first bytes belong to. */
export type PeerProtocol = "http" | "tls" | "ssh" | "unknown";

const SHOWN_BYTES = 32;

/**
 * Recognises a protocol by its first bytes. Old Go clients report `HTTP/` in place of a TLS record as "oversized record
 * received with length 20527": they read `P/` (0x502F) as the record's length.
 * @see RFC 8446 section 5.1 (record header: type 20–24, major version 3), RFC 4253 section 4.2 (`SSH-`)
 */
export function recogniseProtocol(bytes: Uint8Array): PeerProtocol {
  const text = String.fromCharCode(...bytes.subarray(0, 5));
  if (text === "HTTP/") return "http";
  if (text.startsWith("SSH-")) return "ssh";
  const [type = 0, major = 0] = bytes;
  return type >= 20 && type <= 24 && major === 3 ? "tls" : "unknown";
}

/** @returns the first 32 bytes as printable ASCII, everything else as `\xNN`: safe on any terminal. */
export function quoteBytes(bytes: Uint8Array): string {
  const quoted = [...bytes.subarray(0, SHOWN_BYTES)].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c
      ? String.fromCharCode(byte)
      : `\\x${byte.toString(16).padStart(2, "0")}`,
  );
  return quoted.join("");
}

/** @returns the text with everything but printable ASCII as `?`, cut to a length: for texts from peers. */
export function printable(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/[^\x20-\x7e]/g, "?");
}
