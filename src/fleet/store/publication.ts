/**
 * What a store carries from the operator to the hosts: one text with all documents, so that a store which replaces it whole
 * never shows two versions mixed. Nothing in it is secret, and nothing is believed before `verifyDocuments` has accepted it.
 */
import { json } from "../../base/index.ts";
import { type FleetDocuments, forHosts, readDocuments } from "../documents.ts";

/** Bytes. A driver reads no more, whatever the store sends. The same as the gateway takes. */
export const MOST_PUBLICATION = 2 * 1024 * 1024;

/** 2: the documents have revocations, which versions before cannot read. */
const readForm = json.object<{ version: number; documents: FleetDocuments }>({
  version: { read: json.count(2) },
  documents: { read: readDocuments },
});

export function formatPublication(documents: FleetDocuments): string {
  const version = documents.revocations === undefined ? 1 : 2;
  return `${JSON.stringify({ version, documents: forHosts(documents) })}\n`;
}

/** @param text from anybody @returns the documents, not verified; or why they cannot be read */
export function readPublication(
  text: string,
): { readonly value: FleetDocuments } | { readonly problems: readonly string[] } {
  const read = json.read(text, readForm, { maxLength: MOST_PUBLICATION });
  return "problems" in read ? read : { value: forHosts(read.value.documents) };
}
