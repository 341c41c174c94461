/** The admin API as the data path sees it: below a path that no Docker API will ever use, on the same port. */

export const ADMIN_PREFIX = "/tetherdock/v1/";

/** Whether a target is of the admin API. Decided before anything is decoded, so that no spelling gets past it. */
export function isAdminTarget(target: string): boolean {
  return target.startsWith("/tetherdock/") || target === "/tetherdock";
}

/** One call, read whole. */
export interface AdminRequest {
  readonly method: string;
  /** Behind the prefix, without the query: `clients/anna%40laptop`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** At most {@link ADMIN_BODY_BYTES}. */
  readonly body: Buffer;
  /** The client that asks, for the record. */
  readonly client: string;
  /** Aborted when the client is gone, or the gateway ends. */
  readonly signal: AbortSignal;
}

/** A value to be sent as JSON, or lines sent as they come. */
export type AdminAnswer =
  | { readonly status: number; readonly value: unknown }
  | {
      readonly status: 200;
      readonly lines: AsyncIterable<string>;
      /** They go on as long as somebody listens, or until the signal. */
      readonly endless: boolean;
    };

/** Bytes of a call's body: a client is described in a few hundred. */
export const ADMIN_BODY_BYTES = 64 * 1024;

/** Answers calls of the admin API. Never rejects. */
export interface AdminApi {
  answer(request: AdminRequest): Promise<AdminAnswer>;
}
