/** What gateway mode wants of a host, as far as this laptop knows: the program for its machine, and who may come in. */
import { GATEWAY_CLIENTS, type HostFacts } from "../../facts/index.ts";
import type { GatewayWish } from "../../host/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import { type Executable, findExecutable } from "../../system/executable-store.ts";
import { type Identity, whoAmI } from "./identity.ts";
import { withOperator } from "./operator-client.ts";

/** The wish, and where the program comes from. */
export interface GatewayParts {
  readonly wish: GatewayWish;
  readonly executable: Executable;
}

/** @throws EXECUTABLE_MISSING, GATEWAY_CLIENTS_BROKEN */
export async function gatewayParts(facts: HostFacts, identity: Identity): Promise<GatewayParts> {
  const executable = await findExecutable(facts.machine);
  const operator = { name: whoAmI(), fingerprint: keyFingerprint(identity.key) };
  const clients = withOperator(facts.ours.files.get(GATEWAY_CLIENTS)?.text, operator);
  return { wish: { programs: executable.files, clients }, executable };
}
