/**
 * What one operator gives another, so that they operate the same fleet: all but an operator's key. Its author signs it, because
 * the fleet's list does not name all that is in it.
 */
import { type KeyObject, sign } from "node:crypto";
import { json } from "../base/index.ts";
import type { StoredAuthority } from "../pki/index.ts";
import { type FleetDocuments, readDocuments } from "./documents.ts";
import { operatorsOf, verifies } from "./operators.ts";
import type { OperatedFleet } from "./ports.ts";
import { readStoreAddress } from "./store/address.ts";
import { MOST_SETTINGS, type OperatedStore } from "./store/ports.ts";

export interface FleetShare {
  /** Not verified. */
  readonly documents: FleetDocuments;
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
  ca: { read: readStoredAuthority },
  store: { read: json.object<OperatedStore>(storeFields) },
});

const BOUNDS = { maxLength: 8 * 1024 * 1024 };

/** The text is what is signed. */
interface Envelope {
  readonly share: string;
  /** Ed25519, base64. */
  readonly signature: string;
}

const readEnvelope = json.object<Envelope>({
  share: { read: json.words(BOUNDS.maxLength) },
  signature: { read: json.matching(/^[A-Za-z0-9+/]{86}==$/, "a signature") },
});

const bytesOf = (share: string): Buffer => Buffer.from(`tetherdock fleet share 1\n${share}`);

/** @param store of the fleet @param key of the operator who makes it */
export function formatShare({ kept, ca }: OperatedFleet, store: OperatedStore, key: KeyObject): string {
  const { documents } = kept;
  const version = documents.revocations === undefined ? 1 : 2;
  const share = JSON.stringify({ version, documents, ca, store });
  const signature = sign(null, bytesOf(share), key).toString("base64");
  return `${JSON.stringify({ share, signature })}\n`;
}

interface ReadShare {
  readonly value: FleetShare;
  /** @param documents that were verified @returns whether one of their operators has made it */
  readonly isSigned: (documents: FleetDocuments) => boolean;
}

/** @param text from another operator */
export function readShare(text: string): ReadShare | { readonly problems: readonly string[] } {
  const read = json.read(text, readEnvelope, BOUNDS);
  if ("problems" in read) return read;
  const { share, signature } = read.value;
  const inside = json.read(share, readForm, BOUNDS);
  if ("problems" in inside) return inside;
  const isSigned = (documents: FleetDocuments) =>
    operatorsOf(documents).some((one) => verifies(one, bytesOf(share), signature));
  return { value: inside.value, isSigned };
}
