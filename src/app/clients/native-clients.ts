/** The clients of a native line, as far as this machine knows: those that it has approved. dockerd has no list. */
import { publicKeyFingerprint } from "../../pki/index.ts";
import { type ApprovalRecord, type ApprovalRecords, parseAnyApproval } from "../approve/index.ts";
import type { LinePorts } from "../lines/index.ts";

export interface NativeClient extends Pick<ApprovalRecord, "name" | "expires"> {
  /** SHA-256 of the public key; null: the record has none that can be read. */
  readonly fingerprint: string | null;
}

export interface NativeClients {
  /** Sorted by name. */
  readonly clients: readonly NativeClient[];
  /** How many records cannot be read. */
  readonly unread: number;
}

export interface NativePorts extends Pick<LinePorts, "lines"> {
  readonly approvals: Pick<ApprovalRecords, "list">;
}

/** @returns null: the line has a gateway, which knows, or another machine has set it up @throws LINE_…, FILE_FAILED */
export async function nativeClients(
  { lines, approvals }: NativePorts,
  name: string,
): Promise<NativeClients | null> {
  const { mode, joined } = await lines.read(name);
  if (mode !== "native" || joined === true) return null;
  const texts = await approvals.list(name);
  const known = texts.flatMap((text) => parseAnyApproval(text) ?? []);
  const clients = known.map(({ name: client, expires, publicKey }) => ({
    ...{ name: client, expires, fingerprint: publicKeyFingerprint(publicKey) },
  }));
  return {
    clients: clients.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    unread: texts.length - known.length,
  };
}
