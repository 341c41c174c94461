/** What gateway mode wants of a host, as far as this laptop knows: the program for its machine, and who may come in. */
import { GATEWAY_CLIENTS, GATEWAY_REVOKED, type HostFacts } from "../../../facts/index.ts";
import { keyFingerprint } from "../../../pki/index.ts";
import type { LaptopPort } from "../ports.ts";
import type { GatewayParts, Identity } from "../prepared.ts";
import { requireNotRevoked, withOperator } from "./operator-client.ts";

/** @throws EXECUTABLE_MISSING, GATEWAY_CLIENTS_BROKEN, CLIENT_REVOKED */
export async function gatewayParts(
  laptop: LaptopPort,
  facts: HostFacts,
  identity: Identity,
): Promise<GatewayParts> {
  const executable = await laptop.findExecutable(facts.machine, new Set(facts.gateway.programs.values()));
  const operator = { name: laptop.operator(), fingerprint: keyFingerprint(identity.key) };
  const text = (path: string) => facts.ours.files.get(path)?.text;
  requireNotRevoked(text(GATEWAY_REVOKED), text(GATEWAY_CLIENTS), operator);
  const clients = withOperator(text(GATEWAY_CLIENTS), operator);
  return { wish: { programs: executable.files, clients }, executable };
}
