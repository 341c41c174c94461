/**
 * A host's gateway signs what it says in a receipt, with a key of its own, whose public half the operator learns over the line
 * when the host joins. So neither a store nor the host's fleet process, nor who has the host's credentials, can confirm anything.
 */
import { createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { json } from "../../base/index.ts";
import { type FleetDocuments, sha256 } from "../documents.ts";
import type { HostReceipt } from "./receipt.ts";

/** What a gateway says, and signs. */
export type Statement = Omit<HostReceipt, "seen" | "rejected" | "signature">;

/** Why a receipt confirms nothing. */
export type Doubt =
  /** The host has an older tetherdock. */
  | "unsigned"
  /** The host has joined with an older tetherdock, and the operator does not know its key. */
  | "unknown-key"
  | "wrong-signature"
  /** Two operators have published at once, and the host has the list of the other one. */
  | "other-list";

/** A host's receipt, and why it confirms nothing; null: its gateway has signed it. */
export interface StoredReceipt {
  readonly stored: HostReceipt;
  readonly doubt: Doubt | null;
}

/** An Ed25519 public key, as RFC 8037 writes it. */
export const readReceiptKey = json.matching(/^[A-Za-z0-9_-]{43}$/, "an Ed25519 public key");

/** @param key private or public */
export function receiptKeyOf(key: KeyObject): string {
  const { x } = (key.type === "private" ? createPublicKey(key) : key).export({ format: "jwk" });
  return `${x}`;
}

/** @param x as {@link receiptKeyOf} gives it @param signature base64 */
export function isSignedBy(x: string, bytes: Buffer, signature: string): boolean {
  const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
  return verify(null, bytes, key, Buffer.from(signature, "base64"));
}

const isOurs = "tetherdock fleet receipt 1";

/** A fleet is its first root.json: another one may have its name, and begin its versions anew. */
function bytesOf({ roots }: Pick<FleetDocuments, "roots">, said: Statement): Buffer {
  const fleet = sha256(roots[0] ?? "");
  const { host, inForce, list, refused, closed, open, tookMs, at } = said;
  return Buffer.from(JSON.stringify([isOurs, fleet, host, inForce, list, refused, closed, open, tookMs, at]));
}

/** Two lists can have one version: this tells them apart. */
export function listDigest({ timestamp }: Pick<FleetDocuments, "timestamp">): string {
  return sha256(timestamp);
}

/** @param documents in force */
export function signStatement(documents: FleetDocuments, said: Statement, key: KeyObject): string {
  return sign(null, bytesOf(documents, said), key).toString("base64");
}

/**
 * @param documents of the operator @param version of their list
 * @param key of the host's receipts; undefined: it has joined with an older tetherdock
 */
export function judgeReceipt(
  documents: FleetDocuments,
  version: number,
  stored: HostReceipt,
  key: string | undefined,
): StoredReceipt {
  if (stored.signature === null) return { stored, doubt: "unsigned" };
  if (key === undefined) return { stored, doubt: "unknown-key" };
  if (!isSignedBy(key, bytesOf(documents, stored), stored.signature))
    return { stored, doubt: "wrong-signature" };
  const isOther = stored.inForce === version && stored.list !== listDigest(documents);
  return { stored, doubt: isOther ? "other-list" : null };
}
