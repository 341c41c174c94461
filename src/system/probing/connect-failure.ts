/** Translates the system's codes for connection failures into ours. */
import type { Observation, UnreachableCause } from "../../engine/index.ts";

const CAUSES: Readonly<Record<string, UnreachableCause>> = {
  ECONNREFUSED: "refused",
  ETIMEDOUT: "timeout",
  EHOSTUNREACH: "no-route",
  ENETUNREACH: "no-route",
  EADDRNOTAVAIL: "no-route",
  ECONNRESET: "reset",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
};

/**
 * @param error the error of a socket that did not connect
 * @see connect(2), getaddrinfo(3)
 */
export function unreachable(error: NodeJS.ErrnoException): Observation {
  const cause = CAUSES[error.code ?? ""] ?? "other";
  return { kind: "unreachable", cause, detail: error.code ?? error.message };
}
