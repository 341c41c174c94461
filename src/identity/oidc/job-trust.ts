/** Which jobs of a CI service become which client (ADR 0033), and which keys they use at the moment. */
import { createHash } from "node:crypto";
import { DAY_MS, json, MINUTE_MS } from "../../base/index.ts";
import { readClientName, readInstant } from "../client.ts";

export interface JobTrust {
  /** Of the client on the list. */
  readonly name: string;
  /** The token's `iss`, exactly. */
  readonly issuer: string;
  /** The token's `aud`, exactly. */
  readonly audience: string;
  /** What else the token must say, exactly. */
  readonly claims: Readonly<Record<string, string>>;
  /** How long a job's certificate lasts. */
  readonly lifeMs: number;
  /** CA of the issuer's server, PEM; null: one of the public CAs. */
  readonly ca: string | null;
}

/** One job that has shown its token. It stays until neither its certificate nor its token can be used. */
export interface JobPass {
  /** What the list has for the client instead of a key's fingerprint: {@link jobIdentity}. */
  readonly identity: string;
  /** SHA-256 of the job's public key, as {@link Client.fingerprint}. */
  readonly key: string;
  /** SHA-256 of what the issuer has signed. */
  readonly token: string;
  /** When access ends, and when the token ends: ISO 8601. */
  readonly until: string;
  readonly tokenUntil: string;
}

export interface JobAccess {
  readonly trusts: readonly JobTrust[];
  readonly passes: readonly JobPass[];
}

export const NO_JOBS: JobAccess = { trusts: [], passes: [] };

export const MAX_TRUSTS = 50;
/** Jobs of one client at a time, or within the life of their tokens. */
export const MAX_PASSES = 1_000;
export const MAX_CLAIMS = 16;
export const MIN_LIFE_MS = MINUTE_MS;
export const MAX_LIFE_MS = DAY_MS;

/** Issuers that sign for everybody who has an account there, and the claims that say for which project. */
const PUBLIC_ISSUERS: ReadonlyMap<string, readonly string[]> = new Map([
  ["https://token.actions.githubusercontent.com", ["repository", "repository_id", "sub"]],
  ["https://gitlab.com", ["project_path", "project_id", "sub"]],
]);

/** Names that `--oidc` takes instead of a URL. */
export const ISSUER_NAMES: Readonly<Record<string, string>> = {
  github: "https://token.actions.githubusercontent.com",
  gitlab: "https://gitlab.com",
};

/** An https origin, with a path perhaps, as issuers are written: no query, no fragment, no user, no dot segments. */
export function isIssuer(text: string): boolean {
  if (!/^https:\/\/[!-~]{1,250}$/.test(text) || /[?#@\\]/.test(text)) return false;
  if (!URL.canParse(text)) return false;
  const { href } = new URL(text);
  return href === text || href === `${text}/`;
}

/** Claims that are checked anyway, and say nothing about the job. */
const STANDARD = new Set(["iss", "aud", "exp", "nbf", "iat", "jti"]);

/** @returns what is wrong with the claims that a client demands; null: nothing */
export function claimsProblem(issuer: string, claims: Readonly<Record<string, string>>): string | null {
  const names = Object.keys(claims);
  const standard = names.find((name) => STANDARD.has(name));
  if (standard !== undefined) return `${standard} is checked anyway, and cannot be chosen`;
  if (names.length > MAX_CLAIMS) return `there are more than ${MAX_CLAIMS} claims`;
  const pins = PUBLIC_ISSUERS.get(issuer);
  if (names.length === 0) return "without a claim, every job of the issuer would get in";
  if (pins && !names.some((name) => pins.includes(name)))
    return `everybody can get a token of ${issuer}: one of the claims must be ${pins.join(", ")}`;
  return null;
}

/**
 * What the list has for such a client, where others have the fingerprint of their key. No key has it: a
 * SubjectPublicKeyInfo does not begin like this text. It is the same when a client is removed and added again, so that
 * its jobs keep what earlier jobs made.
 */
export function jobIdentity({ issuer, name }: Pick<JobTrust, "issuer" | "name">): string {
  return createHash("sha256")
    .update(`tetherdock-oidc ${JSON.stringify([issuer, name])}`)
    .digest("hex");
}

export const CLAIM_NAME = /^[A-Za-z][A-Za-z0-9_:./-]{0,63}$/;

const text = json.matching(/^[\x20-\x7e]{1,256}$/, "1 to 256 printable ASCII characters");

export const readClaims: json.Read<Readonly<Record<string, string>>> = (value, at, complain) => {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return void complain(at, "must be an object");
  const entries = Object.entries(value);
  if (entries.length > MAX_CLAIMS) return void complain(at, `must have at most ${MAX_CLAIMS} claims`);
  for (const [name, one] of entries)
    if (!CLAIM_NAME.test(name)) return void complain(at, "has a name that no claim has");
    else if (text(one, `${at}.${name}`, complain) === undefined) return undefined;
  return Object.fromEntries(entries) as Record<string, string>;
};

const readIssuer: json.Read<string> = (value, at, complain) =>
  typeof value === "string" && isIssuer(value) ? value : void complain(at, "must be an https URL");

const readLife: json.Read<number> = (value, at, complain) =>
  Number.isSafeInteger(value) && (value as number) >= MIN_LIFE_MS && (value as number) <= MAX_LIFE_MS
    ? (value as number)
    : void complain(at, "must be from 60000 (a minute) to 86400000 (a day)");

/** The fields that an admin chooses. */
export const trustFields = {
  issuer: { read: readIssuer },
  audience: { read: text },
  claims: { read: readClaims },
  lifeMs: { read: readLife },
  ca: { read: json.orNull(json.matching(/^[ -~\r\n]{1,16384}$/, "certificates, PEM")) },
} as const;

export const readJobTrust = json.object<JobTrust>({ name: { read: readClientName }, ...trustFields });

const readPass = json.object<JobPass>({
  identity: { read: json.sha256 },
  key: { read: json.sha256 },
  token: { read: json.sha256 },
  until: { read: readInstant },
  tokenUntil: { read: readInstant },
});

const readFile = json.object<JobAccess & { version: number }>({
  version: { read: json.only(1) },
  trusts: { read: json.list(readJobTrust, MAX_TRUSTS) },
  passes: { read: json.list(readPass, MAX_TRUSTS * MAX_PASSES) },
});

/** @returns what the file has, or what is wrong with it */
export function parseJobAccess(
  source: string,
): { readonly value: JobAccess } | { readonly problems: readonly string[] } {
  const read = json.read(source, readFile, { maxLength: 64 * 1024 * 1024 });
  return "value" in read ? { value: { trusts: read.value.trusts, passes: read.value.passes } } : read;
}

export function formatJobAccess({ trusts, passes }: JobAccess): string {
  return `${JSON.stringify({ version: 1, trusts, passes })}\n`;
}

/** Stores the trusts and passes of one gateway, which is the only one that changes them. */
export interface JobStore {
  /** @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  read(): Promise<JobAccess>;
  /** @throws FILE_FAILED */
  write(access: JobAccess): Promise<void>;
}
