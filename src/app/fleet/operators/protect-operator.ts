/** `fleet operator protect` and `unprotect`: whether the file of the operator's key is enough to sign. */
import { isEncryptedKey } from "../../../line/index.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { locked, plainKey } from "./own-key.ts";

/** @returns the fleet's name, and false if the key was encrypted already @throws FLEET_…, CA_PASSPHRASE_INVALID */
export async function protectOperator(ports: FleetPorts, fleet: string | undefined) {
  const { name, operatorKey } = await openFleet(ports, fleet);
  const changed = !isEncryptedKey(operatorKey);
  if (changed)
    await ports.fleets.setOperatorKey(name, await locked(operatorKey, await ports.newPassphrase(name)), null);
  return { name, changed };
}

/** @returns the fleet's name, and false if the key was not encrypted @throws FLEET_…, KEY_PASSPHRASE_WRONG */
export async function unprotectOperator(ports: FleetPorts, fleet: string | undefined) {
  const opened = await openFleet(ports, fleet);
  const { name, operatorKey } = opened;
  const changed = isEncryptedKey(operatorKey);
  if (changed) await ports.fleets.setOperatorKey(name, await plainKey(ports, opened), null);
  return { name, changed };
}
