/**
 * What a host writes into the store: which version of the list is in force there. It is not signed: a store can withhold or
 * forge receipts, and then the operator's own line to the host tells the truth. A host can write its own receipt only.
 */
import { json } from "../../base/index.ts";

export interface HostReceipt {
  /** As the fleet's list names it. */
  readonly host: string;
  /** Version of the newest list that the host's fleet process has read and verified; 0: none yet. */
  readonly seen: number;
  /** Version that the gateway has in force; 0: none. */
  readonly inForce: number;
  /** Why the newest publication is not in force; null: it is. */
  readonly refused: string | null;
  /** Connections that were closed when the version came into force. */
  readonly closed: number;
  /** Connections that should be closed and are not yet. */
  readonly open: number;
  /** How long the gateway took, ms. */
  readonly tookMs: number;
  /** The host's clock, milliseconds since the epoch. For people: order is by version. */
  readonly at: number;
}

/** Bytes of a receipt's text. A driver reads no more. */
export const MOST_RECEIPT = 2_048;
const MOST_REASON = 300;

/** The name of a host in a fleet's list: of its operator's line. */
export const readHostName = json.matching(/^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/, "the name of a line");

const readForm = json.object<HostReceipt & { readonly version: number }>({
  version: { read: json.only(1) },
  host: { read: readHostName },
  seen: { read: json.number },
  inForce: { read: json.number },
  refused: { read: json.orNull(json.words(MOST_REASON)) },
  closed: { read: json.number },
  open: { read: json.number },
  tookMs: { read: json.number },
  at: { read: json.time },
});

export function formatReceipt(receipt: HostReceipt): string {
  const refused = receipt.refused?.slice(0, MOST_REASON) ?? null;
  return `${JSON.stringify({ version: 1, ...receipt, refused })}\n`;
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
