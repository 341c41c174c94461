/** `fleet operator protect` and `unprotect`: whether the file of the operator's key is enough to sign. */
import { isEncryptedKey } from "../../../line/index.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { locked, plainKey } from "./own-key.ts";

/**
 * Also the key that is to replace it: others may sign and publish it at any time.
 * @returns the fleet's name, and false if the keys were encrypted already @throws FLEET_…, CA_PASSPHRASE_INVALID
 */
export async function protectOperator(ports: FleetPorts, fleet: string | undefined) {
  const { name, operatorKey, nextKey } = await openFleet(ports, fleet);
  const changed = !isEncryptedKey(operatorKey);
  if (changed) {
    const passphrase = await ports.newPassphrase(name);
    const next = nextKey === undefined ? null : await locked(nextKey, passphrase);
    await ports.fleets.setOperatorKey(name, await locked(operatorKey, passphrase), next);
  }
  return { name, changed };
}

/** @returns the fleet's name, and false if the keys were not encrypted @throws FLEET_…, KEY_PASSPHRASE_WRONG */
export async function unprotectOperator(ports: FleetPorts, fleet: string | undefined) {
  const opened = await openFleet(ports, fleet);
  const { name, operatorKey, nextKey } = opened;
  const changed = isEncryptedKey(operatorKey);
  if (changed) {
    const next = nextKey === undefined ? null : await plainKey(ports, { name, operatorKey: nextKey });
    await ports.fleets.setOperatorKey(name, await plainKey(ports, opened), next);
  }
  return { name, changed };
}
