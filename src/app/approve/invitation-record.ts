/**
 * What the machine that invites keeps of an invitation that it has to approve: what it has agreed to, and the key that
 * verifies who asks. A gateway cannot change either.
 */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readInstant, readRoleName } from "../../identity/index.ts";

export interface InvitationRecord extends Pick<Client, "name" | "role" | "expires"> {
  /** See {@link proofKey}; hex. */
  readonly proofKey: string;
  /** Until when a request may be approved, ISO 8601, by this machine's clock. */
  readonly until: string;
}

const readRecord = json.object<InvitationRecord & { readonly version: number }>({
  version: { read: json.only(1) },
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(readInstant) },
  proofKey: { read: json.sha256 },
  until: { read: readInstant },
});

export function formatRecord(record: InvitationRecord): string {
  return `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`;
}

/** @returns the record, or what is wrong with the text */
export function parseRecord(
  text: string,
): { readonly value: InvitationRecord } | { readonly problems: readonly string[] } {
  return json.read(text, readRecord);
}
