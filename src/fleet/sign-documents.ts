/** Signs a new version of a fleet's list with an operator's key. */
import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import {
  Key,
  Metadata,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from "@tufjs/models";
import { json } from "../base/index.ts";
import { type FleetDocuments, HOSTS_TARGET, LIST_TARGET } from "./documents.ts";
import { type FleetList, formatFleetHosts, formatFleetList } from "./fleet-list.ts";
import type { FleetView } from "./verify-documents.ts";

/** Of the TUF specification. */
const SPEC_VERSION = "1.0.31";
const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;

export interface Signing {
  /** An Ed25519 key. */
  readonly key: KeyObject;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** How long hosts may use the list, ms. */
  readonly validMs: number;
  /** How long the operators' keys are trusted without a new root.json, ms. */
  readonly rootMs: number;
  /** The new version is higher than this one too; default: 0. */
  readonly above?: number;
}

type AnyMetadata = Metadata<Root> | Metadata<Timestamp> | Metadata<Snapshot> | Metadata<Targets>;

const sha256 = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

/** TUF's times have seconds, and no fractions. */
const instant = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

/** @returns the public half in TUF's form; its id is the SHA-256 of its SubjectPublicKeyInfo */
export function operatorKey(key: KeyObject): Key {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  return new Key({
    keyID: createHash("sha256").update(spki).digest("hex"),
    keyType: "ed25519",
    scheme: "ed25519",
    // The last 32 bytes of the SubjectPublicKeyInfo are the key (RFC 8410 section 4).
    keyVal: { public: spki.subarray(-32).toString("hex") },
  });
}

function signed(metadata: AnyMetadata, key: KeyObject): string {
  const { keyID } = operatorKey(key);
  metadata.sign((data) => new Signature({ keyID, sig: sign(null, data, key).toString("hex") }));
  return JSON.stringify(metadata.toJSON());
}

/** The first root.json: one operator, one signature. */
function firstRoot({ key, now, rootMs }: Signing): string {
  const root = new Root({ ...common(1, now + rootMs), consistentSnapshot: true });
  for (const role of ROLES) root.addKey(operatorKey(key), role);
  return signed(new Metadata(root), key);
}

const common = (version: number, end: number) => ({
  version,
  specVersion: SPEC_VERSION,
  expires: instant(end),
});

const meta = (version: number, text: string): MetaFile =>
  new MetaFile({ version, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } });

/** A new root.json for the same operators, once half of its time is over. */
function rootsAfter(before: Signed, signing: Signing): readonly string[] {
  const { roots } = before.documents;
  const latest = roots.at(-1) ?? "";
  const root = Root.fromJSON((json.parse(latest) as { signed: Parameters<typeof Root.fromJSON>[0] }).signed);
  if (Date.parse(root.expires) - signing.now > signing.rootMs / 2) return roots;
  const { keys, roles, consistentSnapshot } = root;
  const next = new Root({
    ...common(root.version + 1, signing.now + signing.rootMs),
    ...{ keys, roles, consistentSnapshot },
  });
  return [...roots, signed(new Metadata(next), signing.key)];
}

const target = (path: string, text: string): Record<string, TargetFile> => ({
  [path]: new TargetFile({ path, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } }),
});

/** Documents that were verified, and what they say. */
export interface Signed {
  readonly documents: FleetDocuments;
  readonly view: FleetView;
}

/**
 * @param before what was published last; null: the fleet is new
 * @returns documents with the next version of the list
 */
export function signDocuments(before: Signed | null, list: FleetList, signing: Signing): FleetDocuments {
  const version = Math.max(before?.view.version ?? 0, signing.above ?? 0) + 1;
  const roots = before === null ? [firstRoot(signing)] : rootsAfter(before, signing);
  const [text, hosts] = [formatFleetList(list), formatFleetHosts(list)];
  const dates = common(version, signing.now + signing.validMs);
  const put = (metadata: AnyMetadata): string => signed(metadata, signing.key);
  const targets = put(
    new Metadata(
      new Targets({ ...dates, targets: { ...target(LIST_TARGET, text), ...target(HOSTS_TARGET, hosts) } }),
    ),
  );
  const snapshot = put(
    new Metadata(new Snapshot({ ...dates, meta: { "targets.json": meta(version, targets) } })),
  );
  const timestamp = put(new Metadata(new Timestamp({ ...dates, snapshotMeta: meta(version, snapshot) })));
  return { roots, timestamp, snapshot, targets, list: text, hosts };
}
