/**
 * The desired state of a gateway, as far as this laptop knows: the program for the host's machine, and the client
 * list.
 */
import { GATEWAY_CLIENTS, GATEWAY_REVOKED, type HostFacts } from "../../../facts/index.ts";
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
  const text = (path: string) => facts.ours.files.get(path)?.text;
  const list = { clients: text(GATEWAY_CLIENTS), revocations: text(GATEWAY_REVOKED) };
  return { desired: { programs: executable.files, clients: withOperator(list, operator, now) }, executable };
}
