/** Opens a stored CA for issuing: decrypts it, and checks that it is a CA. */
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { type ErrorCode, type ErrorParts, TetherdockError } from "../base/index.ts";
import { passphraseBytes } from "./keys/passphrase.ts";
import { isP256 } from "./keys/public-key.ts";
import type { StoredAuthority } from "./make-authority.ts";
import { type CertificateFacts, parseCertificate, readCertificate } from "./read-certificate.ts";

/** A CA that can issue. Its key is a KeyObject, which cannot be printed or serialised by accident. */
export interface Authority {
  /** PEM: one certificate, also where the file has several. */
  readonly certificate: string;
  readonly facts: CertificateFacts;
  readonly key: KeyObject;
}

const LOCKED = "-----BEGIN ENCRYPTED PRIVATE KEY-----";

function fail(code: ErrorCode, message: string, parts: ErrorParts): never {
  throw new TetherdockError(code, message, parts);
}

/**
 * Returns whether opening the CA needs a passphrase, so that the user is asked only then.
 * @param authority as stored
 */
export function isLocked(authority: Pick<StoredAuthority, "privateKey">): boolean {
  return authority.privateKey.includes(LOCKED);
}

function unlock(pem: string, passphrase: string | undefined): KeyObject {
  if (passphrase === undefined)
    fail("CA_KEY_LOCKED", "the CA key is encrypted", {
      why: ["it was made with a passphrase, and none was given"],
      hints: ["run this in a terminal, which asks for it", "or set TETHERDOCK_CA_PASSPHRASE"],
    });
  try {
    return createPrivateKey({ key: pem, passphrase: passphraseBytes(passphrase) });
  } catch (cause) {
    // With a wrong passphrase, one padding in 256 looks right, and OpenSSL then reports an error in the content.
    return fail("CA_PASSPHRASE_WRONG", "the CA key cannot be decrypted", {
      why: ["the passphrase is wrong, or the key file is damaged"],
      hints: ["run this again, and check the keyboard layout and TETHERDOCK_CA_PASSPHRASE"],
      cause,
    });
  }
}

function readKey(pem: string, passphrase: string | undefined): KeyObject {
  if (isLocked({ privateKey: pem })) return unlock(pem, passphrase);
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    return fail("CA_KEY_UNREADABLE", "the CA's key cannot be read", {
      why: ["it is not a private key in PEM"],
      hints: ["restore the file from a backup"],
      cause,
    });
  }
}

/**
 * Refuses to issue with a CA that has expired or is not valid yet.
 * @param now milliseconds since the epoch
 */
export function checkLifetime(facts: CertificateFacts, now: number): void {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace("T", " ");
  const clock = `this machine's clock says ${day(now)} UTC`;
  if (now >= facts.notAfter)
    fail("CA_EXPIRED", "the CA has expired", {
      why: [`it ended on ${day(facts.notAfter)} UTC`, clock],
      hints: ["date -u", "run tetherdock up for the line's host: the CA gets a new certificate for its key"],
    });
  if (now < facts.notBefore)
    fail("CA_NOT_YET_VALID", "the CA is not valid yet", {
      why: [`it begins on ${day(facts.notBefore)} UTC`, clock],
      hints: ["date -u"],
    });
}

function checkFit(facts: CertificateFacts, key: KeyObject, certificate: string): void {
  if (!facts.isAuthority)
    fail("CA_UNSUITABLE", "the CA certificate is not a CA certificate", {
      why: [`it belongs to ${facts.subject}`],
      hints: ["restore the file from a backup"],
    });
  if (!isP256(key))
    fail("CA_UNSUITABLE", "the CA's key is not an ECDSA key on P-256", {
      why: [`it is of type ${key.asymmetricKeyType ?? "unknown"}`],
      hints: ["restore the file from a backup"],
    });
  if (!parseCertificate(certificate).publicKey.equals(createPublicKey(key)))
    fail("CA_KEY_MISMATCH", "the CA key and the CA certificate do not match", {
      why: ["the certificate is for another key"],
      hints: [
        "run tetherdock up for the line's host, if it was interrupted",
        "restore both files from the same backup",
      ],
    });
}

/**
 * Opens a stored CA for issuing.
 * @param stored certificate and key, PEM, with the passphrase when the key is encrypted; ignored otherwise
 * @returns the CA, decrypted; its validity is checked when it issues, where the time is known
 * @throws CERTIFICATE_UNREADABLE, CA_KEY_UNREADABLE, CA_KEY_LOCKED, CA_PASSPHRASE_WRONG, CA_UNSUITABLE,
 *   CA_KEY_MISMATCH
 */
export async function openAuthority(
  stored: StoredAuthority & { readonly passphrase?: string },
): Promise<Authority> {
  const facts = readCertificate(stored.certificate);
  const key = readKey(stored.privateKey, stored.passphrase);
  checkFit(facts, key, stored.certificate);
  return { certificate: parseCertificate(stored.certificate).toString(), facts, key };
}
