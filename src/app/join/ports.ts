/** What `join` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import type { JoinAnswer, JoinCredential } from "../../gateway/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { RandomPort } from "../host/index.ts";

/** Connections to a gateway that this machine has no certificate for yet. */
export interface JoinPort {
  /**
   * Asks for the line's CA. Nothing is sent, and nothing is verified.
   * @returns PEM
   * @throws JOIN_UNREACHABLE, JOIN_REFUSED
   */
  fetchCa(endpoint: Endpoint): Promise<string>;
  /**
   * Verifies the server by the CA, and only then sends the secret.
   * @throws JOIN_HOST_UNPROVEN, JOIN_REFUSED when nothing was sent; JOIN_UNREACHABLE
   */
  redeem(endpoint: Endpoint, credential: JoinCredential, secret: Buffer): Promise<JoinAnswer>;
}

export interface JoinPorts {
  readonly lines: LineStore;
  readonly clock: Clock;
  readonly random: RandomPort;
  readonly gateway: JoinPort;
}
