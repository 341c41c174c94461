/** What the rest of a message is: content of this file, by its ID, and how many bytes. */
export interface Content {
  readonly id: number;
  readonly bytes: number;
}

/** What judges the client's part of one call that the engine makes on a session. */
export interface SentAnswer {
  /** Bytes of memory. */
  readonly held: number;
  /** @param start of a message @param length of all of it @returns null: it has to be read */
  contentOf(start: Uint8Array, length: number): Content | null;
  /** @returns why it must not reach the engine; null: it may */
  refusesContent(content: Content): string | null;
  /** @returns why a message that is not such content must not reach the engine; null: it may */
  refuses(message: Uint8Array): string | null;
  /** @returns the message that says an error in the call's own protocol; null: only the status at the call's end does */
  failure(why: string): Uint8Array | null;
}

export const STRANGE = "the session sends what Docker's clients do not send";
