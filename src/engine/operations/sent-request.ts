/** A request as a client has sent it, whole. */
export interface SentRequest {
  readonly method: string;
  readonly target: string;
  readonly body: Buffer;
  /** The values of a header field, one for each time that it appears. */
  readonly contentType: readonly string[];
  readonly contentEncoding: readonly string[];
  /** The protocol of the Upgrade field, in lower case; empty: none. */
  readonly upgrade: string;
}

/** What a command has sent to an engine that executes nothing, and how it ended. */
export interface Recording {
  readonly requests: readonly SentRequest[];
  /** null: it was killed, because it took too long. */
  readonly status: number | null;
  /** The beginning of it. */
  readonly stderr: string;
}
