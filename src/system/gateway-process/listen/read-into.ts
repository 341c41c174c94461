/**
 * Makes a server's TLS connection read into a buffer of our choice, as `onread` of net.connect does. Node has no such
 * option for a server's TLS sockets, so this sets the internal properties behind it: see
 * docs/adr/0009-gateway-data-path.md.
 */
import type { Duplex } from "node:stream";
import type { ReadInto } from "../../../gateway/index.ts";

/** A socket with the properties that `onread` sets; they are null without it. */
interface Inside extends Duplex {
  readonly _handle?: { readonly useUserBuffer?: (buffer: Buffer) => number };
  [place: symbol]: unknown;
}

const NAMES = ["kBuffer", "kBufferCb", "kBufferGen"] as const;
type Places = readonly [buffer: symbol, callback: symbol, generator: symbol];

function placesOf(socket: object): Places | null {
  const symbols = Object.getOwnPropertySymbols(socket);
  const found = NAMES.map((name) => symbols.find(({ description }) => description === name));
  return found.includes(undefined) ? null : (found as unknown as Places);
}

/**
 * @param onMissing called once if this version of Node lacks these properties
 * @returns a function that sets the buffer of a socket; it changes nothing and returns false if Node lacks these
 *   properties, or the socket has already read something
 */
export function createReadInto(onMissing: () => void): ReadInto {
  // the same for all sockets, so they are looked up once: a lookup takes as long as a request
  let places: Places | null | undefined;
  return (socket, { first, onBytes, next }) => {
    const inside = socket as Inside;
    if (places === undefined) {
      places = placesOf(socket);
      if (places === null) onMissing();
    }
    if (places === null || socket.readableLength > 0) return false;
    const [buffer, callback, generator] = places;
    const handle = inside._handle;
    if (inside[buffer] !== null || typeof handle?.useUserBuffer !== "function") return false;
    if (handle.useUserBuffer(first) !== 0) return false;
    inside[buffer] = first;
    inside[callback] = (size: number, bytes: Buffer) => onBytes(bytes.subarray(0, size));
    inside[generator] = next;
    return true;
  };
}
