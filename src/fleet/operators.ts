/** The operators of a fleet: whose keys sign its documents, as its newest root.json says. */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from "node:crypto";
import { Key, Metadata, MetadataKind, type Root, Signature, type Targets } from "@tufjs/models";
import { json, TetherdockError } from "../base/index.ts";
import { CLIENT_NAME } from "../identity/index.ts";
import type { FleetDocuments } from "./documents.ts";

export interface Operator {
  /** SHA-256 of the key's SubjectPublicKeyInfo, hexadecimal. */
  readonly id: string;
  /** null: the fleet is from a time when operators had no names. */
  readonly name: string | null;
  /** Ed25519, 32 bytes, hexadecimal. */
  readonly publicKey: string;
}

/** In the key's object of root.json. TUF's form allows more fields. */
const NAME_FIELD = "x-tetherdock-operator";

/** Verifying takes time for each key, and a root.json has 8 KiB. */
export const MOST_OPERATORS = 12;

/** A SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410 section 4). */
const PREFIX = Buffer.from("302a300506032b6570032100", "hex");

const idOf = (publicKey: string): string =>
  createHash("sha256")
    .update(Buffer.concat([PREFIX, Buffer.from(publicKey, "hex")]))
    .digest("hex");

/** @param key its public half counts; Ed25519 */
export function operatorOf(key: KeyObject, name: string | null): Operator {
  const half = key.type === "private" ? createPublicKey(key) : key;
  const publicKey = half.export({ type: "spki", format: "der" }).subarray(PREFIX.length).toString("hex");
  return { id: idOf(publicKey), name, publicKey };
}

/** @param pem of a private key; of one that is encrypted, with its public half in front */
export const operatorIdOf = (pem: string): string => operatorOf(createPublicKey(pem), null).id;

/** @returns Ed25519, PKCS#8, PEM */
export function makeOperatorKey(): string {
  return generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** @param pem from another operator @throws KEY_UNREADABLE, KEY_UNSUITABLE */
export function readOperatorKey(pem: string): KeyObject {
  const hints = ["tetherdock fleet operator key NAME   # on the other operator's machine"];
  if (pem.includes("PRIVATE KEY"))
    throw new TetherdockError("KEY_UNSUITABLE", "this is a private key, which never leaves its machine", {
      hints,
    });
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new TetherdockError("KEY_UNREADABLE", "the operator's key cannot be read", {
      ...{ why: ["it is not a public key in PEM"], hints, cause },
    });
  }
  if (key.asymmetricKeyType === "ed25519") return key;
  throw new TetherdockError("KEY_UNSUITABLE", "the operator's key is not an Ed25519 key", { hints });
}

export function keyOf({ id, name, publicKey }: Operator): Key {
  return new Key({
    ...{ keyID: id, keyType: "ed25519", scheme: "ed25519", keyVal: { public: publicKey } },
    unrecognizedFields: name === null ? {} : { [NAME_FIELD]: name },
  });
}

function operatorIn({ keyID, keyVal, unrecognizedFields }: Key): Operator {
  const name = unrecognizedFields?.[NAME_FIELD];
  const isName = typeof name === "string" && CLIENT_NAME.test(name);
  return { id: keyID, name: isName ? name : null, publicKey: keyVal["public"] ?? "" };
}

/**
 * A key has one id, so that nobody's signature counts twice.
 * @returns why the keys of a root.json are refused; null: they are not
 */
export function wrongKeys({ keys }: Root): string | null {
  for (const [id, { keyType, keyVal }] of Object.entries(keys)) {
    const hex = keyVal["public"] ?? "";
    if (keyType !== "ed25519" || !/^[0-9a-f]{64}$/.test(hex) || idOf(hex) !== id)
      return "the id of an operator's key is not the SHA-256 of the key";
  }
  return null;
}

/** @param text of a root.json that was verified */
export function readRoot(text: string): Root {
  const form = json.parse(text) as unknown as never;
  return Metadata.fromJSON(MetadataKind.Root, form).signed;
}

/** @param root whose keys have the right ids */
export function operatorsIn({ keys, roles }: Root): readonly Operator[] {
  return (roles["targets"]?.keyIDs ?? []).flatMap((id) => keys[id] ?? []).map(operatorIn);
}

/** @param documents that were verified @returns who may sign what follows them */
export function operatorsOf({ roots }: FleetDocuments): readonly Operator[] {
  return operatorsIn(readRoot(roots.at(-1) ?? ""));
}

/** @param documents that were verified @returns whether others may change the list too */
export const isShared = (documents: FleetDocuments): boolean => operatorsOf(documents).length > 1;

/** @param documents that were verified @returns how many operators have to sign the list and the next root.json */
export function thresholdOf({ roots }: FleetDocuments): number {
  return readRoot(roots.at(-1) ?? "").roles["targets"]?.threshold ?? 1;
}

/**
 * @param documents that were verified
 * @returns when what enough operators have signed ends, milliseconds since the epoch: one alone may have signed an earlier end
 */
export function signedUntil({ roots, targets }: FleetDocuments): number {
  const all = [readRoot(roots.at(-1) ?? ""), targetsIn(targets).signed];
  return Math.min(...all.map(({ expires }) => Date.parse(expires)));
}

/** @param documents that were verified @param pem of a private key @returns whether it may sign what follows them */
export function isOperator(documents: FleetDocuments, pem: string): boolean {
  const own = operatorIdOf(pem);
  return operatorsOf(documents).some(({ id }) => id === own);
}

/** @returns whether the metadata has a signature of this operator that holds */
export function hasSigned(one: Operator, metadata: Parameters<Key["verifySignature"]>[0]): boolean {
  try {
    keyOf(one).verifySignature(metadata);
    return true;
  } catch {
    return false;
  }
}

/** @param signature base64 */
export function verifies({ publicKey }: Operator, bytes: Buffer, signature: string): boolean {
  const key = Buffer.concat([PREFIX, Buffer.from(publicKey, "hex")]);
  return verify(
    null,
    bytes,
    createPublicKey({ key, type: "spki", format: "der" }),
    Buffer.from(signature, "base64"),
  );
}

const parsed = (text: string) => json.parse(text) as unknown as never;

/** @throws Error: it is not in TUF's form */
export const targetsIn = (text: string): Metadata<Targets> =>
  Metadata.fromJSON(MetadataKind.Targets, parsed(text));

/** @param documents that were verified @returns that of targets.json; the version of the documents may be higher */
export const listVersionOf = ({ targets }: FleetDocuments): number => targetsIn(targets).signed.version;

/** The bytes that a signature is over. */
export function signedBytes({ signed }: Metadata<Root> | Metadata<Targets>): Buffer {
  let bytes: Buffer = Buffer.alloc(0);
  new Metadata(signed as Root).sign((data) => {
    bytes = data;
    return new Signature({ keyID: "0", sig: "" });
  });
  return bytes;
}

/** Two operators may each have completed one change, with other signatures. @returns whether both texts of targets.json say the same */
export const isSameTargets = (one: string, other: string): boolean =>
  one === other || signedBytes(targetsIn(one)).equals(signedBytes(targetsIn(other)));

/** @param documents that were verified @returns which operators have signed the list */
export function signersOf(documents: FleetDocuments): readonly Operator[] {
  const targets = targetsIn(documents.targets);
  return operatorsOf(documents).filter((one) => hasSigned(one, targets));
}

/** @param documents that were verified @returns which operators have signed that these are the newest documents */
export function publishersOf(documents: FleetDocuments): readonly Operator[] {
  const timestamp = Metadata.fromJSON(MetadataKind.Timestamp, parsed(documents.timestamp));
  return operatorsOf(documents).filter((one) => hasSigned(one, timestamp));
}

/** For tables and messages. */
export const calledOperator = ({ name, id }: Operator): string => name ?? id.slice(0, 16);
