/** Keeps what this host has of its fleet in `fleet.json`, beside the client list. Only the gateway writes it. */
import { dirname, join } from "node:path";
import { parseKeptFleet } from "../../../fleet/index.ts";
import type { FleetStore } from "../../../gateway/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere, removeIfThere } from "../../files/file-error.ts";

/** @param clients path of the client list */
export function fleetFile(clients: string): FleetStore {
  const path = join(dirname(clients), "fleet.json");
  return {
    path,
    read: () => readIfThere(path),
    write: (text) => (text === undefined ? removeIfThere(path) : writeAtomically(path, text, 0o600)),
  };
}

/**
 * @param clients path of the client list
 * @returns the certificate of the CA for the fleet's clients, PEM; null: the host is in no fleet
 * @throws FILE_FAILED, GATEWAY_FLEET_BROKEN
 */
export async function readFleetCa(clients: string): Promise<string | null> {
  const store = fleetFile(clients);
  const text = await store.read();
  return text === undefined ? null : parseKeptFleet(text, store.path).view.list.ca;
}
