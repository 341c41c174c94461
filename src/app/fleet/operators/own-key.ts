/** The key of this machine's operator, which may be encrypted with a passphrase: then its file alone signs nothing. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { TetherdockError } from "../../../base/index.ts";
import { type OperatedFleet, operatorIdOf, operatorOf } from "../../../fleet/index.ts";
import { isEncryptedKey } from "../../../line/index.ts";
import { lockKey, unlockKey } from "../../../pki/index.ts";
import type { FleetPorts } from "../ports.ts";

/** The variable that scripts set. */
export const OPERATOR_PASSPHRASE = "TETHERDOCK_OPERATOR_PASSPHRASE";

type Keyed = Pick<OperatedFleet, "name" | "operatorKey">;

/** The public half is in front: it identifies the operator without the passphrase. */
export async function locked(pem: string, passphrase: string): Promise<string> {
  const half = createPublicKey(pem).export({ type: "spki", format: "pem" });
  return `${half}${await lockKey(pem, passphrase)}`;
}

function unlocked({ name, operatorKey }: Keyed, passphrase: string): string {
  const pem = operatorKey.slice(operatorKey.indexOf("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
  const of = `your key of the fleet ${name}`;
  return unlockKey(pem, passphrase, { of, variable: OPERATOR_PASSPHRASE });
}

/** @throws KEY_PASSPHRASE_WRONG, PROMPT_IMPOSSIBLE, FLEET_BROKEN */
export async function plainKey({ passphrase }: FleetPorts, fleet: Keyed): Promise<string> {
  const { name, operatorKey } = fleet;
  if (!isEncryptedKey(operatorKey)) return operatorKey;
  const pem = unlocked(fleet, await passphrase(name));
  if (operatorOf(createPrivateKey(pem), null).id === operatorIdOf(operatorKey)) return pem;
  throw new TetherdockError(
    "FLEET_BROKEN",
    `the two halves of your key of the fleet ${name} do not belong together`,
    {
      hints: ["restore the file from a backup"],
    },
  );
}

/** Asks for the passphrase if there is one. @throws as {@link plainKey} */
export async function signingKey(ports: FleetPorts, fleet: Keyed): Promise<KeyObject> {
  return createPrivateKey(await plainKey(ports, fleet));
}

/** @returns another key of this operator, encrypted if the one of the fleet is, with the same passphrase */
export async function keptLike({ passphrase }: FleetPorts, fleet: Keyed, pem: string): Promise<string> {
  const { name, operatorKey } = fleet;
  return isEncryptedKey(operatorKey) ? locked(pem, await passphrase(name)) : pem;
}
