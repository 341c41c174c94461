/** The port of whatever keeps the client list. Implemented in src/system/identity. */
import type { Client } from "./client.ts";

/** The client list as it counts, and which one it is. */
export interface KeptClients {
  readonly clients: readonly Client[];
  /** The same for the same list, and another for any other. */
  readonly revision: string;
}

/**
 * Keeps the client list. Who was shut out by a write stays out, whatever else puts an older list back, until a write
 * lets them in.
 */
export interface ClientStore {
  /** @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  read(): Promise<KeptClients>;
  /**
   * Reports that another list may be kept, whoever wrote it. Which one, or why it cannot be read, `read` tells.
   * @returns stops watching
   */
  watch(onChange: () => void): () => void;
  /**
   * Replaces the list, whole.
   * @param expected the revision that the change was made from
   * @returns conflict: another list is kept by now, and nothing was written
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL
   */
  write(clients: readonly Client[], expected: string): Promise<"ok" | "conflict">;
}
