/** A line's own CA: made on the operator's machine, where its key stays. */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { encryptKey } from "./keys/encrypt-key.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { passphraseBytes } from "./keys/passphrase.ts";
import { AUTHORITY_LIFETIME_MS, BACKDATE_MS } from "./lifetimes.ts";
import { commonName } from "./names/common-name.ts";
import { parseCertificate } from "./read-certificate.ts";
import { signCertificate } from "./sign-certificate.ts";

/** The content of a new CA. */
export interface AuthorityOptions {
  /** For people; cut after 64 characters. Different for each CA, or clients that have two confuse them. */
  readonly subject: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Encrypts the key if given; not empty. */
  readonly passphrase?: string;
  /** Whether it can issue to clients only, not to servers. */
  readonly clientsOnly?: boolean;
  /** A certificate, PEM, whose subject it gets instead, byte for byte: for a CA that pretends to be another. */
  readonly namedAs?: string;
}

/** A CA as it is stored: two PEM files. */
export interface StoredAuthority {
  readonly certificate: string;
  /** PKCS#8: `PRIVATE KEY`, or `ENCRYPTED PRIVATE KEY` with a passphrase. */
  readonly privateKey: string;
}

/**
 * Makes a CA for one line, valid for ten years, that can issue leaf certificates only.
 * @param options.passphrase up to 1,000 bytes of UTF-8, stretched by 600,000 rounds of PBKDF2
 * @returns certificate and key, PEM
 * @throws SUBJECT_INVALID, CA_PASSPHRASE_INVALID, CERTIFICATE_UNREADABLE
 * @see RFC 5280 §4.2.1.9, RFC 8018 §6.2
 */
export async function makeAuthority(options: AuthorityOptions): Promise<StoredAuthority> {
  const name = commonName(options.subject);
  const passphrase = options.passphrase === undefined ? null : passphraseBytes(options.passphrase);
  const pair = makeKeyPair();
  const signingKey = createPrivateKey(pair.privateKey);
  const certificate = await signCertificate({
    kind: options.clientsOnly ? "client-authority" : "authority",
    commonName: name,
    issuer: null,
    names: [],
    ...(options.namedAs !== undefined && { namedAs: parseCertificate(options.namedAs).toString() }),
    notBefore: options.now - BACKDATE_MS,
    notAfter: options.now + AUTHORITY_LIFETIME_MS,
    publicKey: createPublicKey(pair.publicKey),
    signingKey,
  });
  if (!passphrase) return { certificate, privateKey: pair.privateKey };
  const pkcs8 = signingKey.export({ type: "pkcs8", format: "der" });
  return { certificate, privateKey: await encryptKey(pkcs8, passphrase) };
}
