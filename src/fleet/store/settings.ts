/** Reads what a driver keeps on the operator's machine. */
import { json, TetherdockError } from "../../base/index.ts";
import type { OperatedStore } from "./ports.ts";

/** @throws FLEET_BROKEN */
export function readSettings<T>({ settings }: Pick<OperatedStore, "settings">, form: json.Read<T>): T {
  const read = json.read(settings, form);
  if ("value" in read) return read.value;
  throw new TetherdockError("FLEET_BROKEN", "cannot read the settings of the fleet's store", {
    why: read.problems,
  });
}
