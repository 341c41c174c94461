/** Calls that only look on, for as long as somebody looks. */
import type { OperationCall } from "../../engine/index.ts";

const LOGS: ReadonlySet<string> = new Set(["ContainerLogs", "ServiceLogs", "TaskLogs"]);

/** How the engine reads a truth in a query: anything but these. @see moby, daemon/server/httputils/form.go, BoolValue */
const FALSE: ReadonlySet<string> = new Set(["", "0", "no", "false", "none"]);

/**
 * Whether waiting for its end would be waiting for nothing: events, figures and logs that are followed. A log that is
 * read to its end, an archive or a `wait` is not.
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
