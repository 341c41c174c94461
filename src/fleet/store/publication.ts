/**
 * What a store carries from the operator to the hosts: one text with all documents, so that a store which replaces it whole
 * never shows two versions mixed. Nothing in it is secret, and nothing is believed before `verifyDocuments` has accepted it.
 */
import { json } from "../../base/index.ts";
import { type FleetDocuments, forHosts, readDocuments } from "../documents.ts";

/** Bytes. A driver reads no more, whatever the store sends. The same as the gateway takes. */
export const MOST_PUBLICATION = 2 * 1024 * 1024;

const readForm = json.object<{ version: number; documents: FleetDocuments }>({
  version: { read: json.only(1) },
  documents: { read: readDocuments },
});

export function formatPublication(documents: FleetDocuments): string {
  return `${JSON.stringify({ version: 1, documents: forHosts(documents) })}\n`;
}

/** @param text from anybody @returns the documents, not verified; or why they cannot be read */
export function readPublication(
  text: string,
): { readonly value: FleetDocuments } | { readonly problems: readonly string[] } {
  const read = json.read(text, readForm, { maxLength: MOST_PUBLICATION });
  return "problems" in read ? read : { value: forHosts(read.value.documents) };
}
