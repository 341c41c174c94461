/** The gateway's own calls, below a path that no Docker API will ever use; on the same port, for the same clients. */

export const LOCAL_PREFIX = "/tetherdock/v1/";

/** Whether the gateway itself is asked: decided before anything is decoded, so that no spelling gets past it. */
export function isLocalTarget(target: string): boolean {
  return target.startsWith("/tetherdock/") || target === "/tetherdock";
}

/** One call, read whole. */
export interface LocalRequest {
  readonly method: string;
  /** Behind the prefix, without the query: `clients/anna%40laptop`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** At most {@link LOCAL_BODY_BYTES}. */
  readonly body: Buffer;
  /** The client that asks, for the record. */
  readonly client: string;
  /** Aborted when the client is gone, or the gateway ends. */
  readonly signal: AbortSignal;
}

/** A value to be sent as JSON, or lines sent as they come. */
export type LocalAnswer =
  | { readonly status: number; readonly value: unknown }
  | {
      readonly status: 200;
      readonly lines: AsyncIterable<string>;
      /** They go on as long as somebody listens, or until the signal. */
      readonly endless: boolean;
    };

/** Bytes of a call's body: a client is described in a few hundred. */
export const LOCAL_BODY_BYTES = 64 * 1024;

/** Answers the gateway's own calls. Never rejects. */
export interface LocalApi {
  answer(request: LocalRequest): Promise<LocalAnswer>;
}
