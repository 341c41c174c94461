/**
 * What the machine that approved a client keeps: the key that it has signed for. With it, it can sign again without asking
 * the gateway for anything.
 */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readInstant } from "../../identity/index.ts";
import { requireNotNewer } from "../../line/index.ts";
import type { InvitationRecords } from "./ports.ts";

export interface ApprovalRecord extends Pick<Client, "name" | "expires"> {
  /** PEM. */
  readonly publicKey: string;
}

const VERSION = 1;

const readRecord = json.object<ApprovalRecord & { readonly version: number }>({
  version: { read: json.only(VERSION) },
  name: { read: readClientName },
  expires: { read: json.orNull(readInstant) },
  publicKey: { read: json.words(1_000) },
});

export function formatApproval(record: ApprovalRecord): string {
  return `${JSON.stringify({ version: VERSION, ...record }, null, 2)}\n`;
}

/** @returns null: the text cannot be read */
export function parseAnyApproval(text: string): ApprovalRecord | null {
  const read = json.read(text, readRecord);
  return "value" in read ? read.value : null;
}

/** @returns null: the text cannot be read, or is of another client */
export function parseApproval(text: string, name: string): ApprovalRecord | null {
  const read = parseAnyApproval(text);
  return read?.name === name ? read : null;
}

/**
 * Call it before anything is signed that a record is to be kept of.
 * @throws STATE_NEWER, FILE_FAILED
 */
export async function requireReplaceable(
  approvals: Pick<InvitationRecords, "read">,
  line: string,
  name: string,
): Promise<void> {
  const text = await approvals.read(line, name);
  if (text !== undefined) requireNotNewer(text, VERSION, `the record of ${name}`);
}
