/** What `client` needs of the outside. */
import type { Clock } from "../../base/index.ts";
import type { InvitationRecords } from "../approve/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";
import type { RandomPort } from "../host/index.ts";

/** A certificate that was just made, and the CA's. Neither is a secret. */
export interface Issued {
  readonly ca: string;
  readonly certificate: string;
}

export interface ClientsPorts extends GatewayPorts {
  readonly clock: Clock;
}

/** To give a client a role, besides. */
export interface RolePorts extends ClientsPorts {
  /** @param text one line: what the user should know. The command goes on */
  warn(text: string): void;
}

/** To invite a client, besides. */
export interface InvitePorts extends RolePorts {
  readonly random: Pick<RandomPort, "hex">;
  readonly records: InvitationRecords;
}

/** To add a client, besides. */
export interface AddClientPorts extends RolePorts {
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
  /**
   * Puts the certificate where the client gets it; called before the client is let in.
   * @returns takes it back, when the client is not let in
   * @throws FILE_FAILED, and then nothing was delivered
   */
  deliver(issued: Issued): Promise<() => Promise<void>>;
}
