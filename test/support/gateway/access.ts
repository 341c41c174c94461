/** How a client reaches a gateway that a test makes on this machine. */
import type { GatewayAccess } from "../../../src/gateway/index.ts";
import { Identities, type Identity } from "../../gateway/support/identities.ts";

export interface MadeAccess {
  /** Of a server at localhost. */
  readonly server: Identity;
  /** Of the client anna. */
  readonly to: (port: number) => GatewayAccess;
}

export async function makeAccess(): Promise<MadeAccess> {
  const identities = await Identities.make();
  const { cert, key } = await identities.client("anna");
  return {
    server: await identities.server("localhost"),
    to: (port) => ({
      ...{ line: "web", destination: undefined, caPem: identities.ca, certPem: cert, keyPem: key },
      endpoint: { host: "localhost", port },
    }),
  };
}
