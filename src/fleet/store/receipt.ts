/**
 * What a host writes into the store: which version of the list is in force there. Its gateway signs what it has said
 * (signed-receipt.ts); the rest is the word of its fleet process. A store can withhold receipts, or show an older one.
 */
import { json } from "../../base/index.ts";

export interface HostReceipt {
  /** As the fleet's list names it. */
  readonly host: string;
  /** Version of the newest list that the host's fleet process has read and verified; 0: none yet. */
  readonly seen: number;
  /** Why the process has not handed the newest publication to the gateway; null: it has, or the list is in force. */
  readonly rejected: string | null;
  /** Version that the gateway has in force; 0: none. */
  readonly inForce: number;
  /** Which list of that version: SHA-256 of its timestamp.json; null: none, or the host does not say. */
  readonly list: string | null;
  /** Why the gateway does not take what the process has handed over; null: it does, or there was nothing. */
  readonly refused: string | null;
  /** Connections that were closed when the version came into force. */
  readonly closed: number;
  /** Connections that should be closed and are not yet. */
  readonly open: number;
  /** How long the gateway took, ms. */
  readonly tookMs: number;
  /** The host's clock, milliseconds since the epoch. For people: order is by version. */
  readonly at: number;
  /** The gateway's, Ed25519, base64; null: the host has an older tetherdock. */
  readonly signature: string | null;
}

/** Bytes of a receipt's text. A driver reads no more. */
export const MOST_RECEIPT = 2_048;
/** Characters of a reason; each may take six bytes. */
export const MOST_REASON = 240;
/** Until November 2026 hosts wrote longer ones. */
const MOST_READ = 300;

/** The name of a host in a fleet's list: of its operator's line. */
export const readHostName = json.matching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, "the name of a line");

/** 64 bytes, base64. */
export const readSignature = json.matching(/^[A-Za-z0-9+/]{86}==$/, "an Ed25519 signature");

const reason = { read: json.orNull(json.words(MOST_READ)) };
const readForm = json.object<HostReceipt & { readonly version: number }>({
  version: { read: json.only(1) },
  host: { read: readHostName },
  seen: { read: json.number },
  inForce: { read: json.number },
  list: { read: json.orNull(json.sha256), optional: { value: null } },
  rejected: { ...reason, optional: { value: null } },
  refused: reason,
  closed: { read: json.number },
  open: { read: json.number },
  tookMs: { read: json.number },
  at: { read: json.time },
  signature: { read: json.orNull(readSignature), optional: { value: null } },
});

export function formatReceipt(receipt: HostReceipt): string {
  const short = (why: string | null) => why?.slice(0, MOST_REASON) ?? null;
  const [rejected, refused] = [short(receipt.rejected), short(receipt.refused)];
  return `${JSON.stringify({ version: 1, ...receipt, rejected, refused })}\n`;
}

/**
 * @param text from the store
 * @param host whose place in the store it was at: nobody writes for another
 */
export function readReceipt(
  text: string,
  host: string,
): { readonly value: HostReceipt } | { readonly problems: readonly string[] } {
  const read = json.read(text, readForm, { maxLength: MOST_RECEIPT });
  if ("problems" in read) return read;
  const { version: _, ...value } = read.value;
  return value.host === host ? { value } : { problems: [`it is not the receipt of ${host}`] };
}
