/** What gateway mode wants of a host, as far as this laptop knows: the program for its machine, and who may come in. */
import { GATEWAY_CLIENTS, GATEWAY_REVOKED, type HostFacts } from "../../facts/index.ts";
import type { GatewayWish } from "../../host/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import { type Executable, findExecutable } from "../../system/executable-store.ts";
import { type Identity, whoAmI } from "./identity.ts";
import { requireNotRevoked, withOperator } from "./operator-client.ts";

/** The wish, and where the program comes from. */
export interface GatewayParts {
  readonly wish: GatewayWish;
  readonly executable: Executable;
}

/** @throws EXECUTABLE_MISSING, GATEWAY_CLIENTS_BROKEN, CLIENT_REVOKED */
export async function gatewayParts(facts: HostFacts, identity: Identity): Promise<GatewayParts> {
  const executable = await findExecutable(facts.machine, new Set(facts.gateway.programs.values()));
  const operator = { name: whoAmI(), fingerprint: keyFingerprint(identity.key) };
  const text = (path: string) => facts.ours.files.get(path)?.text;
  requireNotRevoked(text(GATEWAY_REVOKED), operator);
  const clients = withOperator(text(GATEWAY_CLIENTS), operator);
  return { wish: { programs: executable.files, clients }, executable };
}
