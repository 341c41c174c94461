/**
 * A line as an encrypted text, for another machine of the same person. Version 1: PEM-like armour around one byte
 * (the version), 16 bytes of salt, 12 of nonce, and JSON encrypted by AES-256-GCM with its tag at the end. The key comes
 * from the passphrase by scrypt, with costs that belong to the version: a file cannot choose how much work it makes.
 */
import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from "node:crypto";
import { json, TetherdockError } from "../../base/index.ts";

export const ARCHIVE_VERSION = 1;
const HEADER = Buffer.from("tetherdock line archive 1");
/** 128 MiB and about half a second for each guess. */
const COST: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 160 * 1024 ** 2 };
const [SALT, NONCE, TAG] = [16, 12, 16];
const MAX_PEM = 128 * 1024;
const LABEL = "TETHERDOCK LINE";
const ARMOUR = new RegExp(`-----BEGIN ${LABEL}-----([A-Za-z0-9+/=\\s]{1,400000})-----END ${LABEL}-----`);

/** What is inside. The line's CA key is not. */
export interface ArchivedLine {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

const readArchived = json.object({
  name: { read: json.words() },
  address: { read: json.words() },
  port: { read: json.count(65_535) },
  ca: { read: json.words(MAX_PEM) },
  cert: { read: json.words(MAX_PEM) },
  key: { read: json.words(MAX_PEM) },
});

function stretch(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize("NFC"), salt, 32, COST, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}

function unreadable(message: string, why: string, hint: string, cause?: unknown): TetherdockError {
  return new TetherdockError("ARCHIVE_UNREADABLE", message, { why: [why], hints: [hint], cause });
}

export const isArchive = (text: string): boolean => text.includes(`-----BEGIN ${LABEL}-----`);

/** @param passphrase not empty */
export async function sealArchive(line: ArchivedLine, passphrase: string): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT), randomBytes(NONCE)];
  const cipher = createCipheriv("aes-256-gcm", await stretch(passphrase, salt), nonce).setAAD(HEADER);
  const sealed = Buffer.concat([cipher.update(JSON.stringify(line)), cipher.final(), cipher.getAuthTag()]);
  const bytes = Buffer.concat([Buffer.of(ARCHIVE_VERSION), salt, nonce, sealed]);
  const rows = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${LABEL}-----\n${rows.join("\n")}\n-----END ${LABEL}-----\n`;
}

/** @throws ARCHIVE_UNREADABLE, STATE_NEWER */
function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(ARMOUR.exec(text)?.[1] ?? "", "base64");
  const [version] = bytes;
  if (version !== undefined && version > ARCHIVE_VERSION)
    throw new TetherdockError("STATE_NEWER", "a newer tetherdock made this archive", {
      why: [`its version is ${version}; this tetherdock reads ${ARCHIVE_VERSION}`],
      hints: ["install the newer tetherdock on this machine too"],
    });
  if (version === ARCHIVE_VERSION && bytes.length > 1 + SALT + NONCE + TAG) return bytes.subarray(1);
  throw unreadable(
    "the archive of a line is incomplete",
    "a part of the file is missing",
    "copy the file again",
  );
}

/** @throws ARCHIVE_UNREADABLE, STATE_NEWER */
export async function openArchive(text: string, passphrase: string): Promise<ArchivedLine> {
  const bytes = bytesOf(text);
  const key = await stretch(passphrase, bytes.subarray(0, SALT));
  const nonce = bytes.subarray(SALT, SALT + NONCE);
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: TAG }).setAAD(HEADER);
  decipher.setAuthTag(bytes.subarray(-TAG));
  let plain: string;
  try {
    const body = bytes.subarray(SALT + NONCE, -TAG);
    plain = Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch (cause) {
    const why = "the password is wrong, or the file is damaged";
    throw unreadable(
      "the archive cannot be decrypted",
      why,
      "run this again with the password of the export",
      cause,
    );
  }
  const read = json.read(plain, readArchived);
  if ("value" in read) return read.value;
  throw unreadable(
    "the archive does not contain a line",
    "its content has an unknown form",
    "export the line again",
  );
}
