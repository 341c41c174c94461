/** What a client of the admin API needs: how to get in, and one call. */
import type { Endpoint } from "../../engine/index.ts";

/** How to get in, by a line. */
export interface GatewayAccess {
  /** The line's name, for messages. */
  readonly line: string;
  /** Its ssh destination, for hints; null: this machine. */
  readonly destination: string | null;
  readonly endpoint: Endpoint;
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** One call. */
export interface GatewayCall {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** Below the prefix, encoded: `clients/anna%40laptop`. */
  readonly path: string;
  /** Becomes JSON. */
  readonly body?: unknown;
  /** Until the answer begins; 15 s unless given. */
  readonly answerMs?: number;
  readonly signal?: AbortSignal;
}
