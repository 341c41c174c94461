/** What a judge may know of a request beside its body, and what it may ask the engine. */

/** A container as the engine has it now. */
export interface FoundContainer {
  /** All 64 digits. */
  readonly id: string;
  /** The id of its image, not a name: `sha256:…`. */
  readonly image: string;
  /** Its own and its image's. */
  readonly labels: Readonly<Record<string, string>>;
}

export interface FoundExec {
  readonly id: string;
  readonly containerId: string;
}

/** Asks the engine; rejects when it does not answer in time, or not as it should. null: there is no such thing. */
export interface EngineLookup {
  /** @param ref a name, an id, or the beginning of one */
  inspectContainer(ref: string): Promise<FoundContainer | null>;
  inspectExec(id: string): Promise<FoundExec | null>;
  /** @param id of an image @returns its labels */
  inspectImage(id: string): Promise<Readonly<Record<string, string>> | null>;
}

export interface Asking {
  /** SHA-256 of the client's public key, in hex; null for a client of a local socket. */
  readonly owner: string | null;
  /** Each value of a field once for each time that it stands in the head. */
  readonly contentType: readonly string[];
  readonly contentEncoding: readonly string[];
  /** The protocol of the Upgrade field, in lower case; empty: none. */
  readonly upgrade: string;
  readonly engine: EngineLookup;
}
