/** What a host keeps of its fleet, as one text: the documents that it has verified, and every key that it has seen revoked. */
import { json, shellJoin, TetherdockError } from "../base/index.ts";
import { type FleetDocuments, readDocuments } from "./documents.ts";
import { type FleetList, readFleetList } from "./fleet-list.ts";
import type { FleetView } from "./verify-documents.ts";

export interface KeptFleet {
  readonly documents: FleetDocuments;
  readonly view: FleetView;
  /** SHA-256 of public keys. A revocation is never undone. */
  readonly revoked: readonly string[];
}

interface Stored extends Omit<FleetView, "list" | "version"> {
  readonly version: number;
  /** Of the list. */
  readonly listVersion: number;
  readonly documents: FleetDocuments;
  readonly revoked: readonly string[];
}

/** 2: the documents have revocations, which versions before cannot read. */
const readStored = json.object<Stored>({
  version: { read: json.count(2) },
  documents: { read: readDocuments },
  listVersion: { read: json.number },
  rootVersion: { read: json.number },
  until: { read: json.time },
  revoked: { read: json.list(json.sha256) },
});

const BOUNDS = { maxLength: 32 * 1024 * 1024 };

function readKept(text: string): { value: KeptFleet } | { problems: readonly string[] } {
  const read = json.read(text, readStored, BOUNDS);
  if ("problems" in read) return read;
  const { documents, revoked, listVersion: version, rootVersion, until } = read.value;
  const list: { value: FleetList } | { problems: readonly string[] } = readFleetList(
    documents.list,
    documents.hosts,
    documents.revoked,
  );
  if ("problems" in list) return list;
  return { value: { documents, revoked, view: { version, rootVersion, until, list: list.value } } };
}

/** @param path for the message @throws GATEWAY_FLEET_BROKEN */
export function parseKeptFleet(text: string, path: string): KeptFleet {
  const read = readKept(text);
  if ("value" in read) return read.value;
  throw new TetherdockError("GATEWAY_FLEET_BROKEN", `cannot read the fleet's documents in ${path}`, {
    why: read.problems,
    hints: [
      `${shellJoin(["rm", path])}   # on the host: it is in no fleet then, and forgets whom the fleet has revoked`,
      "tetherdock fleet join LINE   # then, where the fleet is operated",
    ],
  });
}

export function formatKeptFleet({ documents, view, revoked }: KeptFleet): string {
  const { version: listVersion, rootVersion, until } = view;
  const version = documents.revocations === undefined ? 1 : 2;
  return `${JSON.stringify({ version, listVersion, rootVersion, until, revoked, documents })}\n`;
}

/** Why it could not be read again: lists and documents have bounds. @returns nothing: it can be */
export function problemsOfKept(kept: KeptFleet): readonly string[] {
  const read = readKept(formatKeptFleet(kept));
  return "problems" in read ? read.problems : [];
}
