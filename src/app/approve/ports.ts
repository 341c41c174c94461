/** What `client approve` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

/** What this machine keeps of its invitations, one text for each name, with the line. */
export interface InvitationRecords {
  /** @returns undefined: none is kept @throws FILE_FAILED */
  read(line: string, client: string): Promise<string | undefined>;
  /** @param text undefined: nothing is kept any more @throws FILE_FAILED */
  write(line: string, client: string, text: string | undefined): Promise<void>;
}

/** What the operator decides on. */
export interface RequestToApprove {
  readonly name: string;
  readonly role: string;
  /** End of access, ISO 8601; null: with the certificate. */
  readonly expires: string | null;
  /** SHA-256 of the public key, hex. */
  readonly fingerprint: string;
  /** As the gateway says: not verified. */
  readonly address: string;
  /** As the gateway says, ISO 8601. */
  readonly at: string;
}

export interface ApprovePorts extends GatewayPorts {
  readonly clock: Clock;
  readonly records: InvitationRecords;
  /** @returns whether the operator agrees @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  agrees(request: RequestToApprove): Promise<boolean>;
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
}
