/** Recognises calls that go on for as long as the client stays. */
import type { OperationCall } from "../../engine/index.ts";

const LOGS: ReadonlySet<string> = new Set(["ContainerLogs", "ServiceLogs", "TaskLogs"]);

/** In a query, the engine takes any other value for true. @see moby, daemon/server/httputils/form.go, BoolValue */
const FALSE: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

/**
 * Whether the call goes on until the client leaves: events, stats and followed logs. A log that is read to its end, an
 * archive or a `wait` ends by itself.
 */
export function isObserver(call: OperationCall | null): boolean {
  if (call === null) return false;
  const { operation, query } = call;
  const isSet = (name: string, otherwise: string) =>
    !FALSE.has((new URLSearchParams(query).get(name) ?? otherwise).trim().toLowerCase());
  if (operation.name === "SystemEvents") return true;
  if (operation.name === "ContainerStats") return isSet("stream", "true");
  return LOGS.has(operation.name) && isSet("follow", "");
}

/** Whether the call is of use only to a client that stays: it observes, or waits for a container. */
export function needsClient(call: OperationCall | null): boolean {
  return isObserver(call) || call?.operation.name === "ContainerWait";
}
