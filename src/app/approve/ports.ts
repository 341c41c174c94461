/** What `client approve` needs from outside. */
import type { Clock } from "../../base/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";

/** What this machine keeps of clients that it invites or has approved, one text for each name, with the line. */
export interface InvitationRecords {
  /** @returns undefined: none is kept @throws FILE_FAILED */
  read(line: string, client: string): Promise<string | undefined>;
  /** @param text undefined: nothing is kept any more @throws FILE_FAILED */
  write(line: string, client: string, text: string | undefined): Promise<void>;
}

/** Of clients that were approved. */
export interface ApprovalRecords extends InvitationRecords {
  /** The text of each of a line's clients. @throws FILE_FAILED */
  list(line: string): Promise<readonly string[]>;
}

/** What is to be approved. */
export interface Wanted {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  readonly name: string;
  /** The fingerprint that the machine's owner has read out, hex; undefined: ask. */
  readonly fingerprint: string | undefined;
  /** Approve without asking. */
  readonly yes: boolean;
}

export interface ApprovedClient {
  readonly line: string;
  readonly name: string;
  /** null: it was approved before, and gets a new certificate for the same key. */
  readonly role: string | null;
  readonly expires: string | null;
  readonly fingerprint: string;
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
  /** Of invitations. */
  readonly records: InvitationRecords;
  /** Of keys that were approved. */
  readonly approvals: InvitationRecords;
  /** @returns whether the operator agrees @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  agrees(request: RequestToApprove): Promise<boolean>;
  /** The same, for a key that was approved before. */
  agreesAgain(client: Pick<RequestToApprove, "name" | "expires" | "fingerprint">): Promise<boolean>;
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
}
