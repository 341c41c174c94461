/** What `join` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import type { JoinAnswer, JoinCredential, JoinRequest } from "../../gateway/index.ts";
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
   * Verifies the server by the CA, and only then sends the request.
   * @throws JOIN_HOST_UNPROVEN, JOIN_REFUSED when nothing was sent; JOIN_UNREACHABLE
   */
  redeem(endpoint: Endpoint, credential: JoinCredential, request: JoinRequest): Promise<JoinAnswer>;
}

/** A request that waits until an admin approves it. */
export interface WaitingRequest {
  readonly line: string;
  readonly address: string;
  /** As whom this machine asks to be let in. */
  readonly client: string;
  /** SHA-256 of the public key, hex: what both sides compare. */
  readonly fingerprint: string;
  /** How long the gateway keeps it, ISO 8601. */
  readonly until: string;
}

export interface JoinPorts {
  readonly lines: LineStore;
  readonly clock: Clock;
  readonly random: RandomPort;
  readonly gateway: JoinPort;
  /** Says that an admin has to approve the request. Called once. */
  onWaiting(request: WaitingRequest): void;
  /** Waits before the request is repeated. @param count how often it was sent @throws INTERRUPTED */
  pause(count: number): Promise<void>;
}
