/** Explains a peer's first bytes, which a client quotes because it did not expect them. */
import { describeAlert, quoteBytes, recogniseProtocol } from "../../engine/index.ts";

const ALERT = 21;
const HANDSHAKE = 22;
const LEVELS: Readonly<Record<number, string>> = { 1: "warning", 2: "fatal" };

/**
 * An alert that stands where an HTTP line was read. The reader stops at byte 0x0A and leaves it out, and 0x0A is
 * unexpected_message, the alert that a TLS server answers plain HTTP with: hence the `\x15\x03\x01\x00\x02\x02`
 * that looks one byte short.
 * @see RFC 8446 section 6
 */
function describeAlertRecord(bytes: Uint8Array): string[] {
  const [, , , , , level, number] = bytes;
  const grade = level === undefined ? undefined : LEVELS[level];
  const first = `a TLS record of type 21, alert${grade ? `, ${grade}` : ""}`;
  if (grade === undefined) return [first];
  if (number !== undefined) return [first, describeAlert(number)];
  return [first, `the last byte is missing because an HTTP line ends at 0x0A: ${describeAlert(10)}`];
}

/**
 * @param bytes the first bytes, as many as the message quotes
 * @returns one line each
 */
export function describeFirstBytes(bytes: Uint8Array): string[] {
  const quoted = `"${quoteBytes(bytes)}"`;
  const speaks = recogniseProtocol(bytes);
  if (speaks === "tls") {
    const kind =
      bytes[0] === ALERT
        ? describeAlertRecord(bytes)
        : [`a TLS record of type ${bytes[0]}${bytes[0] === HANDSHAKE ? ", handshake" : ""}`];
    return [`the peer sent ${quoted}: it speaks TLS`, ...kind];
  }
  if (speaks === "ssh") return [`the peer sent ${quoted}: an SSH server`];
  if (speaks === "http") return [`the peer sent ${quoted}: an HTTP answer, but not one that could be read`];
  return [`the peer sent ${quoted}: neither HTTP nor TLS`];
}
