/** Passphrases for a CA key. */
import { TetherdockError } from "../../base/index.ts";

/** OpenSSL reads at most 1,024 bytes; nobody could open a key with a longer one. */
const MAX_BYTES = 1_000;

/**
 * The bytes of a passphrase, in NFC, so that a key made on a Mac opens on Linux, where `ü` may be encoded differently.
 * @throws CA_PASSPHRASE_INVALID when it is empty or too long
 */
export function passphraseBytes(passphrase: string): Buffer {
  const bytes = Buffer.from(passphrase.normalize("NFC"), "utf8");
  if (bytes.length === 0 || bytes.length > MAX_BYTES) {
    throw new TetherdockError("CA_PASSPHRASE_INVALID", "this passphrase cannot encrypt a CA key", {
      why: [bytes.length === 0 ? "it is empty" : `it is longer than ${MAX_BYTES} bytes`],
      hints: ["give a passphrase of a few words, or none at all"],
    });
  }
  return bytes;
}
