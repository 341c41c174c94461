/**
 * The desired state of a gateway, as far as this laptop knows: the program for the host's machine, and the client
 * list.
 */
import { type HostFacts, listOnHost } from "../../../facts/index.ts";
import { keyFingerprint } from "../../../pki/index.ts";
import type { LaptopPort } from "../ports.ts";
import type { GatewayParts, Identity } from "../prepared.ts";
import { withOperator } from "./operator-client.ts";

/**
 * The list is read with the facts, and written by the plan, which holds only while the list is what was read: that is
 * the port of src/identity in the form that a plan needs.
 * @param now milliseconds since the epoch
 * @throws EXECUTABLE_MISSING, GATEWAY_CLIENTS_BROKEN, CLIENT_REVOKED
 */
export async function gatewayParts(
  laptop: LaptopPort,
  facts: HostFacts,
  identity: Identity,
  now: number,
): Promise<GatewayParts> {
  const executable = await laptop.findExecutable(facts.machine, new Set(facts.gateway.programs.values()));
  const operator = { name: laptop.operator(), fingerprint: keyFingerprint(identity.key) };
  const clients = withOperator(listOnHost(facts), operator, now);
  return { desired: { programs: executable.files, clients }, executable };
}
