/** Signs a new version of a fleet's list with an operator's key. */
import { createHash, type KeyObject, sign } from "node:crypto";
import { Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from "@tufjs/models";
import { type FleetDocuments, HOSTS_TARGET, LIST_TARGET } from "./documents.ts";
import { type FleetList, formatFleetHosts, formatFleetList } from "./fleet-list.ts";
import { keyOf, type Operator, operatorOf, readRoot } from "./operators.ts";
import { type FleetView, LIST_FROM } from "./verify-documents.ts";

/** Of the TUF specification. */
const SPEC_VERSION = "1.0.31";
const ROLES = ["root", "timestamp", "snapshot", "targets"] as const;

export interface Signing {
  /** An operator's, Ed25519. */
  readonly key: KeyObject;
  /** Who are operators from now on; default: who were before, or the key's owner. */
  readonly operators?: readonly Operator[];
  /** The key that `key` replaces: the operators before have to sign who comes after them. */
  readonly replaced?: KeyObject;
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

function signed(metadata: AnyMetadata, ...keys: readonly KeyObject[]): string {
  for (const key of keys) {
    const { id: keyID } = operatorOf(key, null);
    metadata.sign((data) => new Signature({ keyID, sig: sign(null, data, key).toString("hex") }));
  }
  return JSON.stringify(metadata.toJSON());
}

const common = (version: number, end: number) => ({
  version,
  specVersion: SPEC_VERSION,
  expires: instant(end),
});

const meta = (version: number, text: string): MetaFile =>
  new MetaFile({ version, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } });

function firstRoot({ key, operators, now, rootMs }: Signing): string {
  const root = new Root({ ...common(1, now + rootMs), consistentSnapshot: true });
  addKeys(root, operators ?? [operatorOf(key, null)]);
  return signed(new Metadata(root), key);
}

function addKeys(root: Root, operators: readonly Operator[]): void {
  for (const role of ROLES) for (const one of operators) root.addKey(keyOf(one), role);
}

/**
 * A new root.json: for other operators, or for the same once half of its time is over.
 * @param version of the list. With other operators TUF forgets which one a host had, so that whoever had a stolen key cannot
 *   have used the numbers up. This one is in the root, so that nothing older comes back.
 */
function rootsAfter(before: Signed, version: number, signing: Signing): readonly string[] {
  const { key, replaced, operators, now, rootMs } = signing;
  const { roots } = before.documents;
  const root = readRoot(roots.at(-1) ?? "");
  if (operators === undefined && Date.parse(root.expires) - now > rootMs / 2) return roots;
  const { keys, roles, consistentSnapshot, unrecognizedFields } = root;
  const dates = common(root.version + 1, now + rootMs);
  const same = { ...dates, consistentSnapshot, keys, roles, unrecognizedFields };
  const next = new Root(
    operators ? { ...dates, consistentSnapshot, unrecognizedFields: { [LIST_FROM]: version } } : same,
  );
  addKeys(next, operators ?? []);
  return [...roots, signed(new Metadata(next), key, ...(replaced ? [replaced] : []))];
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
  const roots = before === null ? [firstRoot(signing)] : rootsAfter(before, version, signing);
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
