/** What `ci-login` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { Endpoint } from "../../engine/index.ts";
import type { IssuedOrRefused, JoinCredential } from "../../gateway/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { RandomPort } from "../host/index.ts";

/** Connections of a job to a gateway. */
export interface JobPort {
  /** As {@link JoinPort.fetchCa}. @throws JOIN_UNREACHABLE, JOIN_REFUSED */
  fetchCa(endpoint: Endpoint): Promise<string>;
  /**
   * Verifies the server by the CA, and only then sends the token.
   * @throws JOIN_HOST_UNPROVEN, JOIN_REFUSED, JOIN_UNREACHABLE
   */
  redeem(
    endpoint: Endpoint,
    credential: JoinCredential,
    request: { readonly client: string; readonly token: string },
  ): Promise<IssuedOrRefused>;
}

export interface CiLoginPorts {
  readonly lines: LineStore;
  readonly clock: Clock;
  readonly random: RandomPort;
  readonly gateway: JobPort;
  /** The job's OIDC token. @throws OIDC_TOKEN_MISSING, FILE_FAILED */
  token(): Promise<string>;
  /** Waits before the next attempt. */
  pause(): Promise<void>;
}
