/**
 * What the machine that approved a client keeps: the key that it has signed for. With it, it can sign again without asking
 * the gateway for anything.
 */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readInstant } from "../../identity/index.ts";

export interface ApprovalRecord extends Pick<Client, "name" | "expires"> {
  /** PEM. */
  readonly publicKey: string;
}

const readRecord = json.object<ApprovalRecord & { readonly version: number }>({
  version: { read: json.only(1) },
  name: { read: readClientName },
  expires: { read: json.orNull(readInstant) },
  publicKey: { read: json.words(1_000) },
});

export function formatApproval(record: ApprovalRecord): string {
  return `${JSON.stringify({ version: 1, ...record }, null, 2)}\n`;
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
