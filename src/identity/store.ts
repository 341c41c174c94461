/** The port that stores the client list. Implemented in src/system/identity. */
import type { Client } from "./client.ts";

/** The stored client list, with revocations applied, and its revision. */
export interface KeptClients {
  readonly clients: readonly Client[];
  /** Equal for the same list, different for any other. */
  readonly revision: string;
}

/**
 * Stores the client list. A client that a write revokes or removes stays out until a write lets it in, even if
 * something else puts an older list back.
 */
export interface ClientStore {
  /** @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  read(): Promise<KeptClients>;
  /**
   * Reports that the stored list may have changed, whoever wrote it. `read` then returns it, or says why it cannot be
   * read.
   * @returns stops watching
   */
  watch(onChange: () => void): () => void;
  /**
   * Replaces the whole list.
   * @param expected the revision that the change was made from
   * @returns conflict: the stored list has changed since then, and nothing was written
   * @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN, GATEWAY_CLIENTS_FULL
   */
  write(clients: readonly Client[], expected: string): Promise<"ok" | "conflict">;
}
