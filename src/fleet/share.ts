/** What one operator gives another, so that they operate the same fleet: all but an operator's key. */
import { json } from "../base/index.ts";
import type { StoredAuthority } from "../pki/index.ts";
import { type FleetDocuments, readDocuments } from "./documents.ts";
import type { OperatedFleet } from "./ports.ts";
import { readStoreAddress } from "./store/address.ts";
import { MOST_SETTINGS, type OperatedStore } from "./store/ports.ts";

export interface FleetShare {
  /** Not verified. */
  readonly documents: FleetDocuments;
  /** Every key that was ever revoked. */
  readonly revoked: readonly string[];
  readonly ca: StoredAuthority;
  readonly store: OperatedStore;
}

/** Of the CA for a fleet's clients. */
export const readStoredAuthority = json.object<StoredAuthority>({
  certificate: { read: json.words(8_192) },
  privateKey: { read: json.words(8_192) },
});

/** Of an {@link OperatedStore}. */
export const storeFields = {
  address: { read: readStoreAddress },
  settings: { read: json.words(MOST_SETTINGS) },
};

/** 2: the documents have revocations, which versions before cannot read. */
const readForm = json.object<FleetShare & { readonly version: number }>({
  version: { read: json.count(2) },
  documents: { read: readDocuments },
  revoked: { read: json.list(json.sha256) },
  ca: { read: readStoredAuthority },
  store: { read: json.object<OperatedStore>(storeFields) },
});

const BOUNDS = { maxLength: 8 * 1024 * 1024 };

/** @param store of the fleet */
export function formatShare({ kept, ca }: OperatedFleet, store: OperatedStore): string {
  const { documents, revoked } = kept;
  const version = documents.revocations === undefined ? 1 : 2;
  return `${JSON.stringify({ version, documents, revoked, ca, store })}\n`;
}

/** @param text from another operator */
export function readShare(
  text: string,
): { readonly value: FleetShare } | { readonly problems: readonly string[] } {
  return json.read(text, readForm, BOUNDS);
}
