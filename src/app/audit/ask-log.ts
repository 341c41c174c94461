/** Asks a host's gateway for its audit log, whatever the way to it. */
import type { json } from "../../base/index.ts";
import { callLine, type GatewayPorts } from "../gateway-api/index.ts";

/**
 * @param path of the admin API, from `audit/` on
 * @param reader the form that the answer must have
 * @param withinMs how long the gateway may take, to the last byte; undefined: as long as for any call
 * @param signal gives up, if the way can: its reason is thrown
 * @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED, and what belongs to the way
 */
export type AskLog = <T>(
  path: string,
  reader: json.Read<T>,
  withinMs?: number,
  signal?: AbortSignal,
) => Promise<T>;

/** @param line as typed; undefined: the one that is meant when none is named. It may throw LINE_… */
export function overLine(ports: GatewayPorts, line: string | undefined): AskLog {
  return (path, reader, withinMs, signal) => {
    const more = { ...(withinMs !== undefined && { withinMs }), ...(signal && { signal }) };
    return callLine(ports, line, { method: "GET", path, ...more }, reader);
  };
}

/** A gigabyte is read and hashed before the gateway answers, beside its work. */
export const VERIFY_MS = 5 * 60_000;

/** @param seal that must be in the log */
export const verifyPath = (seal: string | undefined): string =>
  `audit/verify${seal === undefined ? "" : `?seal=${seal}`}`;
