/** What the gateway needs of the outside. Implemented in src/system/gateway-process. */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Opens a connection to Docker's local socket; it may still be connecting. Half-close is the caller's.
 * @param onBytes gets what comes, in a buffer that is overwritten as soon as it returns
 */
export type ConnectUpstream = (onBytes: (bytes: Buffer) => void) => Socket;

/** Reading into memory that the reader chooses. */
export interface Reading {
  /** The memory for the first piece. */
  readonly first: Buffer;
  /** Gets a piece, a view of the memory it was read into. */
  readonly onBytes: (bytes: Buffer) => void;
  /** RequestRecord after each piece. @returns memory for the next; null: the same */
  readonly next: () => Buffer | null;
}

/** @returns whether the socket is read like that from now on; or else its `data` events tell what comes */
export type ReadInto = (socket: Duplex, reading: Reading) => boolean;

/** Reads the audit log for the admin API. */
export interface AuditReader {
  /** Records as JSON, one a string, without the line's end. */
  read(selection: {
    readonly sinceMs: number | null;
    readonly client: string | null;
    readonly follow: boolean;
    readonly signal: AbortSignal;
  }): AsyncIterable<string>;
  /**
   * Holds the whole log against its seals.
   * @param expectedSeal must be among them
   * @returns what was found, to be sent as JSON
   */
  verify(expectedSeal: string | null): Promise<unknown>;
}
