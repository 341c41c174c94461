/**
 * The request of a machine whose key has to be approved (ADR 0039). The token's secret never reaches the gateway: it gets
 * an identifier that is derived from it, and a proof that the token's owner has chosen this key, which only the machine
 * that made the invitation can verify.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { json } from "../../base/index.ts";
import { readInstant } from "../client.ts";

/** What a machine has sent that joins. */
export interface KeyRequest {
  /** SubjectPublicKeyInfo, PEM. */
  readonly publicKey: string;
  /** See {@link requestProof}; base64url. The gateway cannot verify it. */
  readonly proof: string;
  readonly address: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What has become of an invitation that has to be approved. */
export interface Approval {
  /** null: nobody has used the token yet. */
  readonly request: KeyRequest | null;
  /** PEM; null: nobody has approved the request yet. */
  readonly certificate: string | null;
}

export const NOT_ASKED: Approval = { request: null, certificate: null };

export const readProof = json.matching(/^[A-Za-z0-9_-]{43}$/, "32 bytes in base64url");
const readPem = json.matching(/^[ -~\r\n]{1,8192}$/, "PEM");

export const readKeyRequest = json.object<KeyRequest>({
  publicKey: { read: readPem },
  proof: { read: readProof },
  address: { read: json.words(100) },
  at: { read: readInstant },
});

export const readApproval = json.object<Approval>({
  request: { read: json.orNull(readKeyRequest) },
  certificate: { read: json.orNull(readPem) },
});

const derived = (key: Uint8Array, text: string) => createHmac("sha256", key).update(text).digest();

/** What the machine that joins shows the gateway instead of the secret. */
export function shownSecret(secret: Uint8Array): Buffer {
  return derived(secret, "tetherdock invitation, shown to the gateway");
}

/** What the machine that invites keeps: it verifies proofs, and is of no use at the gateway. */
export function proofKey(secret: Uint8Array): Buffer {
  return derived(secret, "tetherdock invitation, proof of a key");
}

/** @param fingerprint SHA-256 of the public key, hex @returns base64url */
export function requestProof(key: Uint8Array, fingerprint: string): string {
  return derived(key, fingerprint).toString("base64url");
}

/** Whether somebody who had the token chose this key. */
export function isProven(key: Uint8Array, fingerprint: string, proof: string): boolean {
  const [wanted, given] = [requestProof(key, fingerprint), proof].map((text) => Buffer.from(text));
  return wanted?.length === given?.length && timingSafeEqual(wanted as Buffer, given as Buffer);
}
