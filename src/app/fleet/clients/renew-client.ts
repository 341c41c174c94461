/**
 * `fleet client renew`: another certificate for the key that is on the list. No host can renew it, so the client asks an operator. The
 * list stays as it is: a certificate admits nobody who is not on it.
 */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { issueClient, openAuthority, readCertificate } from "../../../pki/index.ts";
import { takeNewest } from "../newest-list.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";

/** @param publicKey PEM, of the client's key @returns the certificate, PEM @throws FLEET_REFUSED, KEY_UNREADABLE, KEY_UNSUITABLE */
export async function renewFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
  publicKey: string,
): Promise<string> {
  const { name: fleetName, ca, kept } = await takeNewest(ports, await openFleet(ports, fleet));
  const refused = (text: string, why: readonly string[] = []) =>
    new TetherdockError("FLEET_REFUSED", text, {
      why,
      hints: [shellJoin(["tetherdock", "fleet", "client", "ls", "--fleet", fleetName])],
    });
  const client = kept.view.list.clients.find((one) => one.name === name);
  if (client === undefined) throw refused(`the fleet has no client ${name}`);
  if (client.state === "revoked" || kept.revoked.includes(client.fingerprint ?? ""))
    throw refused(`the key of ${name} is revoked for good`, ["add them under another name, with a new key"]);
  const now = ports.clock();
  const certificate = await issueClient(await openAuthority(ca), { publicKey, commonName: name, now });
  if (readCertificate(certificate).publicKeyFingerprint === client.fingerprint) return certificate;
  throw refused(`the key is not the one that the fleet has of ${name}`, [
    "a new key is a new client: add it under another name, and remove this one",
  ]);
}
