/** Recognises calls that go on for as long as the client stays. */
import { isFlagSet, isLog, type OperationCall } from "../../engine/index.ts";

/**
 * Whether the call goes on until the client leaves: events, stats and followed logs. A log that is read to its end, an
 * archive or a `wait` ends by itself.
 */
export function isObserver(call: OperationCall | null): boolean {
  if (call === null) return false;
  const { operation } = call;
  if (operation.name === "SystemEvents") return true;
  if (operation.name === "ContainerStats") return isFlagSet(call, "stream", true);
  return isLog(operation) && isFlagSet(call, "follow");
}

/** Whether the call is of use only to a client that stays: it observes, or waits for a container. */
export function needsClient(call: OperationCall | null): boolean {
  return isObserver(call) || call?.operation.name === "ContainerWait";
}
