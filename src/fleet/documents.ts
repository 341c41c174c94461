/** A fleet's signed documents: the metadata of The Update Framework (TUF 1.0), and the list that they lead to. */
import { createHash } from "node:crypto";
import { json } from "../base/index.ts";

/** Texts exactly as they were signed. */
export interface FleetDocuments {
  /** Versions of root.json, one after another; the first is the oldest that the reader may know. */
  readonly roots: readonly string[];
  readonly timestamp: string;
  readonly snapshot: string;
  readonly targets: string;
  /** The target `fleet.json`. */
  readonly list: string;
  /** The target `hosts.json`, which only operators keep: a host need not know the others. */
  readonly hosts?: string | undefined;
  /** What one operator alone has revoked: a role of its own in TUF. Only where the list needs several signatures. */
  readonly revocations?: string | undefined;
  /** Its target `revocations.json`. */
  readonly revoked?: string | undefined;
}

export const LIST_TARGET = "fleet.json";
export const HOSTS_TARGET = "hosts.json";
export const REVOKED_TARGET = "revocations.json";
/** TUF's delegated role, and its file in a snapshot. */
export const REVOCATIONS = "revocations";

/** One a year, and one for each change of operators. */
const MOST_ROOTS = 64;
/** A dozen operators' keys and signatures. Verifying takes time for each key, and again for each byte. */
const metadata = { read: json.words(8 * 1024) };
const MOST_LIST = 1024 * 1024;
const MOST_REVOKED_TEXT = 384 * 1024;

export const readDocuments = json.object<FleetDocuments>({
  roots: { read: json.list(metadata.read, MOST_ROOTS) },
  timestamp: metadata,
  snapshot: metadata,
  targets: metadata,
  list: { read: json.words(MOST_LIST) },
  hosts: { read: json.words(MOST_LIST), optional: { value: undefined } },
  revocations: { ...metadata, optional: { value: undefined } },
  revoked: { read: json.words(MOST_REVOKED_TEXT), optional: { value: undefined } },
});

/** As the documents name each other's contents: hexadecimal, of the UTF-8 text. */
export const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** What hosts get. A thousand hosts' certificates are four fifths of the documents, and each host would get them all. */
export function forHosts({ hosts: _, ...documents }: FleetDocuments): FleetDocuments {
  return documents;
}
