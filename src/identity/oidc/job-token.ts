/**
 * Reads the OIDC token of a job, strictly: what two readers could take for different things is refused. Nothing here is
 * proven before the signature is verified (verify-token.ts).
 */
import { createHash } from "node:crypto";
import { json } from "../../base/index.ts";

/** The largest known are of 3 KB. */
export const MAX_TOKEN_CHARACTERS = 16 * 1024;

/** Signatures only: with a shared secret (HS256) the public key could be taken for it, and `none` signs nothing. */
export const TOKEN_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"] as const;

export interface JobToken {
  /** As it was sent. */
  readonly text: string;
  readonly keyId: string | null;
  readonly issuer: string;
  readonly audience: string;
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly notBefore: number;
  readonly expires: number;
  /** Everything that the token says. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** SHA-256 of what the issuer has signed: the same for every form in which the signature can be written. */
  readonly hash: string;
}

interface Header {
  readonly alg: string;
  readonly kid: string | null;
}

const PART = /^[A-Za-z0-9_-]+$/;
/** Seconds until the year 9999. */
const MAX_SECONDS = 253_402_300_799;

const readHeader = json.openObject<Header>({
  alg: { read: json.oneOf(...TOKEN_ALGORITHMS) },
  kid: { read: json.words(256), optional: { value: null } } as { read: json.Read<string | null> },
});

const seconds: json.Read<number> = (value, at, complain) =>
  typeof value === "number" && value >= 0 && value <= MAX_SECONDS
    ? value * 1000
    : void complain(at, "must be a number of seconds");

/** A token for several audiences can be used by each of them towards the others. */
const readAudience: json.Read<string> = (value, at, complain) => {
  const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof one === "string" && one.length <= 256 ? one : void complain(at, "must be one audience");
};

const readPayload = json.openObject<{
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly iat: number;
  readonly nbf: number;
  readonly exp: number;
}>({
  iss: { read: json.words(256) },
  aud: { read: readAudience },
  sub: { read: json.words(1024), optional: { value: "" } },
  iat: { read: seconds },
  nbf: { read: seconds, optional: { value: 0 } },
  exp: { read: seconds },
});

/** Parsers differ in which of two values counts. @param text valid JSON */
export function hasDoubleKeys(text: string): boolean {
  const open: (Set<string> | null)[] = [];
  let last = "";
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\]:]/g)) {
    if (token === "{") open.push(new Set());
    else if (token === "[") open.push(null);
    else if (token === "}" || token === "]") open.pop();
    else if (token !== ":") last = token;
    else {
      const name = json.parse(last) as string;
      const names = open.at(-1);
      if (names?.has(name)) return true;
      names?.add(name);
    }
  }
  return false;
}

type Part = { readonly text: string; readonly value: Record<string, unknown> } | null;

/** One part of a token: base64url without anything else, UTF-8, an object without double keys. */
function decode(part: string): Part {
  const bytes = Buffer.from(part, "base64url");
  const text = bytes.toString("utf8");
  if (bytes.toString("base64url") !== part || !Buffer.from(text).equals(bytes)) return null;
  try {
    const value = json.parse(text, { maxLength: MAX_TOKEN_CHARACTERS, maxDepth: 8 });
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject && !hasDoubleKeys(text) ? { text, value: value as Record<string, unknown> } : null;
  } catch {
    return null;
  }
}

const MALFORMED = { problem: "it is not a signed JSON Web Token" };

/** @returns the token, or what is wrong with it; no problem repeats any of it */
export function readJobToken(text: string): JobToken | { readonly problem: string } {
  if (text.length > MAX_TOKEN_CHARACTERS) return { problem: "it is longer than 16 KiB" };
  const parts = text.split(".");
  const [first = "", second = "", signature = ""] = parts;
  if (parts.length !== 3 || !parts.every((part) => PART.test(part)) || signature === "") return MALFORMED;
  const [head, body] = [decode(first), decode(second)];
  if (head === null || body === null) return MALFORMED;
  const header = json.read(head.text, readHeader);
  if ("problems" in header) return { problem: `its header: ${header.problems[0]}` };
  // Extensions that change what is signed or how.
  if ("crit" in head.value || "b64" in head.value) return { problem: "its header has extensions" };
  const payload = json.read(body.text, readPayload);
  if ("problems" in payload) return { problem: `${payload.problems[0]}` };
  const { iss, aud, sub, iat, nbf, exp } = payload.value;
  return {
    ...{ text, keyId: header.value.kid, issuer: iss, audience: aud, subject: sub },
    ...{ issuedAt: iat, notBefore: nbf, expires: exp, claims: body.value },
    hash: createHash("sha256").update(`${first}.${second}`).digest("hex"),
  };
}
