/** What several commands ask of a gateway. */
import type { RecordSelection } from "../../audit/index.ts";
import { MINUTE_MS, TetherdockError } from "../../base/index.ts";
import type { GatewayAccess, Session } from "../../gateway/index.ts";
import {
  type ClientRenewal,
  type ClientsAnswer,
  readClients,
  readRenewal,
  readSelf,
  readSessions,
  type SelfAnswer,
} from "./answers.ts";
import { callLine } from "./call-line.ts";
import type { GatewayPort, GatewayPorts } from "./ports.ts";

/** @param line as typed; undefined: the one that is meant when none is named */
export function askClients(ports: GatewayPorts, line: string | undefined): Promise<ClientsAnswer> {
  return callLine(ports, line, { method: "GET", path: "clients" }, readClients);
}

/**
 * @param signal ends the wait
 * @returns null: the gateway is older, does not let this machine in, or did not answer in time
 */
export async function askSelf(
  ports: GatewayPorts,
  line: string,
  signal: AbortSignal,
): Promise<SelfAnswer | null> {
  try {
    return await callLine(ports, line, { method: "GET", path: "self", signal }, readSelf);
  } catch (error) {
    if (signal.aborted || error instanceof TetherdockError) return null;
    throw error;
  }
}

/** @param line as typed; undefined: the one that is meant when none is named */
export async function askSessions(
  ports: GatewayPorts,
  line: string | undefined,
): Promise<readonly Session[]> {
  return (await callLine(ports, line, { method: "GET", path: "sessions" }, readSessions)).sessions;
}

/** @returns null: it has never been renewed, or the gateway is older */
export async function askRenewal(
  ports: GatewayPorts,
  line: string | undefined,
  name: string,
): Promise<ClientRenewal | null> {
  const call = { method: "GET", path: `renewals/${encodeURIComponent(name)}` } as const;
  try {
    return (await callLine(ports, line, call, readRenewal)).renewal;
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "GATEWAY_REFUSED") return null;
    throw error;
  }
}

/** A gateway that looks for records of a client in a gigabyte of others. */
const QUIET_MS = 5 * MINUTE_MS;

/** Records of the audit log as JSON, oldest first. With `follow`, new ones too, until the signal. */
export function askRecords(
  gateway: GatewayPort,
  access: GatewayAccess,
  { sinceMs, client, follow, signal }: RecordSelection & { follow?: boolean; signal?: AbortSignal },
): AsyncIterable<string> {
  const query = new URLSearchParams({
    ...(sinceMs !== undefined && { since: `${sinceMs}` }),
    ...(client !== undefined && { client }),
    ...(follow && { follow: "1" }),
  });
  const more = { ...(!follow && { quietMs: QUIET_MS }), ...(signal && { signal }) };
  return gateway.lines(access, { method: "GET", path: `audit?${query}`, ...more });
}
