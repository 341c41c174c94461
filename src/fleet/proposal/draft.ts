/** The two documents that need as many signatures as the fleet's threshold says: root.json and targets.json. */
import { type KeyObject, sign } from "node:crypto";
import {
  Metadata,
  MetadataKind,
  Root,
  Signature,
  type Snapshot,
  TargetFile,
  Targets,
  type Timestamp,
} from "@tufjs/models";
import { json } from "../../base/index.ts";
import { HOSTS_TARGET, LIST_TARGET, REVOCATIONS, REVOKED_TARGET, sha256 } from "../documents.ts";
import { keyOf, type Operator, operatorOf } from "../operators.ts";
import { LIST_FROM } from "../verify-documents.ts";

/** Of the TUF specification. */
const SPEC_VERSION = "1.0.31";

export type AnyMetadata = Metadata<Root> | Metadata<Timestamp> | Metadata<Snapshot> | Metadata<Targets>;

/** TUF's times have seconds, and no fractions. */
const instant = (time: number): string => new Date(time).toISOString().replace(/\.\d+Z$/, "Z");

export const common = (version: number, end: number) => ({
  version,
  specVersion: SPEC_VERSION,
  expires: instant(end),
});

/** Adds signatures to those that are there. */
export function signed<T extends AnyMetadata>(metadata: T, ...keys: readonly KeyObject[]): T {
  for (const key of keys) {
    const { id: keyID } = operatorOf(key, null);
    metadata.sign((data) => new Signature({ keyID, sig: sign(null, data, key).toString("hex") }));
  }
  return metadata;
}

export const textOf = (metadata: AnyMetadata): string => JSON.stringify(metadata.toJSON());
export const rootIn = (text: string): Metadata<Root> =>
  Metadata.fromJSON(MetadataKind.Root, json.parse(text) as never);
/** Who may sign, and how many of them have to. */
export interface Signers {
  readonly operators: readonly Operator[];
  readonly threshold: number;
}

const keysOf = (operators: readonly Operator[]) =>
  Object.fromEntries(operators.map((one) => [one.id, keyOf(one).toJSON()]));

const role = (operators: readonly Operator[], threshold: number) => ({
  keyids: operators.map(({ id }) => id),
  threshold,
});

const dated = (version: number, end: number) => ({
  ...{ version, spec_version: SPEC_VERSION, expires: instant(end) },
});

/**
 * The timestamp and the snapshot need one signature, so that one operator can publish a revocation. The list and the next
 * root.json need as many as the threshold says.
 * @param listFrom the first version of the list that these operators sign; null: there is no list before
 */
export function makeRoot(
  { operators, threshold }: Signers,
  version: number,
  end: number,
  listFrom: number | null,
): Root {
  const [all, one] = [role(operators, threshold), role(operators, 1)];
  return Root.fromJSON({
    ...{ _type: "root", ...dated(version, end), consistent_snapshot: true, keys: keysOf(operators) },
    roles: { root: all, timestamp: one, snapshot: one, targets: all },
    ...(listFrom === null ? {} : { [LIST_FROM]: listFrom }),
  });
}

export const target = (path: string, text: string): Record<string, TargetFile> => ({
  [path]: new TargetFile({ path, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } }),
});

/** @param alone who may sign revocations alone; null: nobody, as the list needs one signature only */
export function makeTargets(
  texts: { readonly list: string; readonly hosts: string },
  version: number,
  end: number,
  alone: readonly Operator[] | null,
): Targets {
  const delegated = (operators: readonly Operator[]) => ({
    keys: keysOf(operators),
    roles: [{ name: REVOCATIONS, ...role(operators, 1), terminating: false, paths: [REVOKED_TARGET] }],
  });
  const files = { ...target(LIST_TARGET, texts.list), ...target(HOSTS_TARGET, texts.hosts) };
  return Targets.fromJSON({
    ...{ _type: "targets", ...dated(version, end) },
    targets: Object.fromEntries(Object.entries(files).map(([name, file]) => [name, file.toJSON()])),
    ...(alone && { delegations: delegated(alone) }),
  });
}
