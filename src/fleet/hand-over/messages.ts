/**
 * What the fleet process and its gateway say to each other: one line of JSON each way on a connection. The gateway believes
 * none of it; what it answers is what the process writes into its receipt.
 */
import { json, SECOND_MS } from "../../base/index.ts";
import { type FleetDocuments, readDocuments } from "../documents.ts";
import type { StoreState } from "../store/ports.ts";
import { MOST_REASON, readSignature } from "../store/receipt.ts";

/** How often the fleet process asks, also when there is nothing new. */
export const HEARTBEAT_MS = 60 * SECOND_MS;

/** What the fleet process says. */
export interface HandOver {
  /** null: it only asks what is in force. */
  readonly documents: FleetDocuments | null;
  /** Whether it reaches the store; null: it does not know yet. */
  readonly store: StoreState | null;
  /** Why the store does not take the host's receipts: foreign text; null: it does, or none was written. */
  readonly noReceipt: string | null;
}

/** What the gateway answers. */
export interface HandOverAnswer {
  /** Documents in force; null: the host is in no fleet, or the line brought documents, which the process has. */
  readonly documents: FleetDocuments | null;
  /** Version of the list in force; 0: the host is in no fleet. */
  readonly inForce: number;
  /** Which list of that version: SHA-256 of its timestamp.json; null: the host is in no fleet. */
  readonly list: string | null;
  /** Why the documents are not in force; null: they are, or there were none. */
  readonly refused: string | null;
  readonly closed: number;
  readonly open: number;
  readonly tookMs: number;
  /** The host's clock, milliseconds since the epoch. */
  readonly at: number;
  /** Of the rest, for the receipt; null: the host is in no fleet, or its key cannot be read. */
  readonly signature: string | null;
}

/** Characters of a line: the documents, and a little more. */
export const MOST_HAND_OVER = 2 * 1024 * 1024 + 16 * 1024;
const BOUNDS = { maxLength: MOST_HAND_OVER };

const readState: json.Read<StoreState> = (value, at, complain) => {
  const read = json.object<{ is: "connected" | "lost"; since: number | null; why: string | null }>({
    is: { read: json.oneOf("connected", "lost") },
    since: { read: json.orNull(json.time), optional: { value: null } },
    why: { read: json.orNull(json.words(MOST_REASON)), optional: { value: null } },
  })(value, at, complain);
  if (read === undefined) return undefined;
  return read.is === "connected"
    ? { is: "connected" }
    : { is: "lost", since: read.since ?? 0, why: read.why ?? "" };
};

const readOffer = json.object<HandOver & { version: number }>({
  version: { read: json.only(1) },
  documents: { read: json.orNull(readDocuments) },
  store: { read: json.orNull(readState) },
  noReceipt: { read: json.orNull(json.words(MOST_REASON)), optional: { value: null } },
});

const readAnswer = json.openObject<HandOverAnswer & { version: number }>({
  version: { read: json.only(1) },
  documents: { read: json.orNull(readDocuments) },
  inForce: { read: json.number },
  list: { read: json.orNull(json.sha256), optional: { value: null } },
  refused: { read: json.orNull(json.words()) },
  closed: { read: json.number },
  open: { read: json.number },
  tookMs: { read: json.number },
  at: { read: json.time },
  signature: { read: json.orNull(readSignature) },
});

export function formatHandOver({ documents, store, ...said }: HandOver): string {
  const told = store?.is === "lost" ? { ...store, why: store.why.slice(0, MOST_REASON) } : store;
  const noReceipt = said.noReceipt?.slice(0, MOST_REASON) ?? null;
  return `${JSON.stringify({ version: 1, documents, store: told, noReceipt })}\n`;
}

export function readHandOver(text: string): ReturnType<typeof json.read<HandOver>> {
  return json.read(text, readOffer, BOUNDS);
}

export function formatAnswer(answer: HandOverAnswer): string {
  return `${JSON.stringify({ version: 1, ...answer })}\n`;
}

export function readHandOverAnswer(text: string): ReturnType<typeof json.read<HandOverAnswer>> {
  return json.read(text, readAnswer, BOUNDS);
}
