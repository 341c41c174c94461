/** What the gateway needs of the outside. Implemented in src/system/gateway. */
import type { Socket } from "node:net";
import type { Client } from "./clients.ts";

/**
 * Opens a connection to Docker's local socket; it may still be connecting. Half-close is the caller's.
 * @param onBytes gets what comes, in a buffer that is overwritten as soon as it returns
 */
export type ConnectUpstream = (onBytes: (bytes: Buffer) => void) => Socket;

/** Keeps the client list. */
export interface ClientStore {
  /** Replaces the list, whole. @throws FILE_FAILED */
  write(clients: readonly Client[]): Promise<void>;
}

/** Reads the audit log for the admin API. */
export interface AuditReader {
  /** Records as JSON, one a string, without the line's end. */
  read(wish: {
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
