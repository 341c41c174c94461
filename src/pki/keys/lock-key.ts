/** Encrypts a client's key with a passphrase, and decrypts it: the form of an encrypted CA key. */
import { createPrivateKey } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";
import { encryptKey } from "./encrypt-key.ts";
import { passphraseBytes } from "./passphrase.ts";

/** @param pem a private key, not encrypted @throws CA_PASSPHRASE_INVALID, KEY_UNREADABLE */
export async function lockKey(pem: string, passphrase: string): Promise<string> {
  const bytes = passphraseBytes(passphrase);
  let pkcs8: Buffer;
  try {
    pkcs8 = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  } catch (cause) {
    throw new TetherdockError("KEY_UNREADABLE", "the key cannot be read", {
      why: ["it is not a private key in PEM"],
      hints: ["restore the file from a backup"],
      cause,
    });
  }
  return encryptKey(pkcs8, bytes);
}

/** Whose key it is, and the variable that scripts set. */
const LINE_KEY = { of: "the line's key", variable: "TETHERDOCK_KEY_PASSPHRASE" };

/**
 * @param secret for messages
 * @returns PKCS#8 PEM, not encrypted @throws CA_PASSPHRASE_INVALID, KEY_PASSPHRASE_WRONG
 */
export function unlockKey(pem: string, passphrase: string, { of, variable } = LINE_KEY): string {
  try {
    const key = createPrivateKey({ key: pem, passphrase: passphraseBytes(passphrase) });
    return key.export({ type: "pkcs8", format: "pem" }).toString();
  } catch (cause) {
    if (cause instanceof TetherdockError) throw cause;
    throw new TetherdockError("KEY_PASSPHRASE_WRONG", `${of} cannot be decrypted`, {
      why: ["the passphrase is wrong, or the key file is damaged"],
      hints: [`run this again, and check the keyboard layout and ${variable}`],
      cause,
    });
  }
}
