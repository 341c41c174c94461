/** The admin API as the data path sees it: on the same port, under a path that no Docker API will ever use. */
import { refusal } from "./docker/answer.ts";

export const ADMIN_PREFIX = "/tetherdock/v1/";

/** Whether a target belongs to the admin API. Compares the raw target: no encoded spelling reaches the admin API. */
export function isAdminTarget(target: string): boolean {
  return target.startsWith("/tetherdock/") || target === "/tetherdock";
}

/** What is called: `self` is for every client, and tells it about itself. Any other spelling is another call. */
export type AdminCallKind = "self" | "other";

/** @returns null: the target does not belong to the admin API */
export function adminCallKind(method: string, target: string): AdminCallKind | null {
  if (!isAdminTarget(target)) return null;
  return method === "GET" && target === `${ADMIN_PREFIX}self` ? "self" : "other";
}

/** One call with its whole body. */
export interface AdminRequest {
  readonly method: string;
  /** What follows the prefix, without the query: `clients/anna%40laptop`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** At most {@link adminBodyBytes}. */
  readonly body: Buffer;
  /** The calling client, for the audit log. */
  readonly client: string;
  /** Aborted when the client is gone or the gateway shuts down. */
  readonly signal: AbortSignal;
}

/** A value to be sent as JSON, or lines sent as they come. */
export type AdminAnswer =
  | { readonly status: number; readonly value: unknown }
  | {
      readonly status: 200;
      readonly lines: AsyncIterable<string>;
      /** Whether the lines go on until the client leaves or the signal is aborted. */
      readonly endless: boolean;
    };

/** The answer that refuses a call. */
export function refused(
  status: number,
  text: string,
  hint?: string,
): { readonly status: number; readonly value: unknown } {
  return { status, value: refusal(text, hint) };
}

/** @param problems of the call's body */
export function malformed(problems: readonly string[]): AdminAnswer {
  return refused(400, problems.join("; "));
}

const MOST_BODY = 64 * 1024;
/** For the signed list of a fleet. */
const MOST_FLEET_BODY = 2 * 1024 * 1024;

/** Most bytes of a call's body: describing a client takes a few hundred. */
export function adminBodyBytes(target: string): number {
  return target === `${ADMIN_PREFIX}fleet` ? MOST_FLEET_BODY : MOST_BODY;
}

/** Answers calls of the admin API. Never rejects. */
export interface AdminApi {
  answer(request: AdminRequest): Promise<AdminAnswer>;
}
