/** What a client of the admin API needs: access to the gateway, and one call. */
import type { Endpoint } from "../../engine/index.ts";

/** Access to a line's gateway. */
export interface GatewayAccess {
  /** The line's name, for messages. */
  readonly line: string;
  /** Its ssh destination, for hints; null: this machine; undefined: others set the line up. */
  readonly destination: string | null | undefined;
  readonly endpoint: Endpoint;
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** One call. */
export interface GatewayCall {
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** What follows the prefix, encoded: `clients/anna%40laptop`. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** How long the answer may take to begin; 15 s by default. It may then go on as long as it comes fast enough. */
  readonly answerMs?: number;
  /** Instead: how long it may take to its last byte. Of short answers, where others wait for them. */
  readonly withinMs?: number;
  /** How long an answer of lines may bring none; for ever by default. */
  readonly quietMs?: number;
  readonly signal?: AbortSignal;
}
