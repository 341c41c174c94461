/** Whether the issuer has signed a token. The library that verifies is loaded with the first token. */
import { json } from "../../base/index.ts";
import { type JobToken, TOKEN_ALGORITHMS } from "./job-token.ts";

/** One key of an issuer, as it publishes it. */
export interface IssuerKey {
  readonly kty: string;
  readonly [member: string]: unknown;
}

export const MAX_KEYS = 100;

const isKey = (value: unknown): value is IssuerKey =>
  typeof value === "object" && value !== null && typeof (value as IssuerKey).kty === "string";

const readKeys: json.Read<readonly IssuerKey[]> = (value, at, complain) => {
  if (!Array.isArray(value)) return void complain(at, "must be a list");
  if (value.length > MAX_KEYS) return void complain(at, `must have at most ${MAX_KEYS} keys`);
  return value.every(isKey) ? value : void complain(at, "must have keys only");
};

const readKeySet = json.openObject<{ readonly keys: readonly IssuerKey[] }>({ keys: { read: readKeys } });

/** Public keys for signatures: a secret one (oct) could be taken for an HMAC's. */
const KINDS = new Set(["RSA", "EC", "OKP"]);

/** @returns the keys that can verify signatures, or what is wrong with the set */
export function parseKeySet(source: string): readonly IssuerKey[] | { readonly problem: string } {
  const read = json.read(source, readKeySet);
  if ("problems" in read) return { problem: `${read.problems[0]}` };
  return read.value.keys.filter(({ kty, use = "sig" }) => KINDS.has(kty) && use === "sig");
}

/** Whether the set has the key that the token names; a token that names none can be of any. */
export function hasKeyOf(keys: readonly IssuerKey[], { keyId }: Pick<JobToken, "keyId">): boolean {
  return keys.length > 0 && (keyId === null || keys.some(({ kid }) => kid === keyId));
}

/** @returns whether exactly one of the keys fits the token, and has signed it */
export async function isSignedByOne(keys: readonly IssuerKey[], { text }: JobToken): Promise<boolean> {
  const { compactVerify, createLocalJWKSet } = await import("jose");
  try {
    const set = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) });
    await compactVerify(text, set, { algorithms: [...TOKEN_ALGORITHMS] });
    return true;
  } catch {
    return false;
  }
}
