/** What judges the client's part of one call that the engine makes on a session. */
export interface SentAnswer {
  /** Bytes of memory. */
  readonly held: number;
  /** @param start of a message @param length of all of it @returns ID of the file whose content the rest is; null: none, it has to be read */
  contentOf(start: Uint8Array, length: number): number | null;
  /** @returns why content of this file must not reach the engine; null: it may */
  refusesContent(id: number): string | null;
  /** @returns why a message that is not such content must not reach the engine; null: it may */
  refuses(message: Uint8Array): string | null;
}

export const STRANGE = "the session sends what Docker's clients do not send";
