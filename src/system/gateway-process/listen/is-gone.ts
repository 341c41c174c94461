/**
 * Finds connections that are gone although their sockets have not said so, by an internal of Node: docs/adr/0009-gateway-data-path.md.
 * Node loses a reset if it is TLS itself that writes then, as it does after the handshake: it drops that error, the socket reads an
 * end as if the client had sent one, and all later writes wait for ever. And a socket that is not read from hears of nothing.
 */
import type { Duplex } from "node:stream";

/** A TCP socket, or TLS over one. */
interface Inside extends Duplex {
  readonly _handle?: { readonly getpeername?: (into: object) => number } | null;
}

/** @returns whether a TCP connection is over; false: it is not, or this is no TCP socket, or it is closed and says so itself */
export function isGone(socket: Duplex): boolean {
  const handle = (socket as Inside)._handle;
  return typeof handle?.getpeername === "function" && handle.getpeername({}) !== 0;
}
