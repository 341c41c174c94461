/** Signatures as `ssh-keygen -Y sign` writes them (OpenSSH, PROTOCOL.sshsig), for ECDSA on P-256. */
import { createHash } from "node:crypto";

const ARMOUR = /-----BEGIN SSH SIGNATURE-----\s([A-Za-z0-9+/=\s]{1,2048})-----END SSH SIGNATURE-----/;
const MAGIC = Buffer.from("SSHSIG");
const VERSION = 1;
const COORDINATE_BYTES = 32;
const HASHES: ReadonlySet<string> = new Set(["sha256", "sha512"]);

/** The values to verify: with ECDSA and SHA-256, r and s as `ieee-p1363`. */
export interface SshSignature {
  readonly signed: Buffer;
  readonly signature: Buffer;
}

/** Reads length-prefixed strings; throws RangeError if the input is too short. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError("cut off");
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  number(): number {
    return this.take(4).readUInt32BE();
  }

  string(): Buffer {
    return this.take(this.number());
  }
}

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** An mpint may be shorter than a coordinate, or start with a zero byte. */
function coordinate(mpint: Buffer): Buffer {
  const digits = mpint[0] === 0 ? mpint.subarray(1) : mpint;
  if (digits.length > COORDINATE_BYTES) throw new RangeError("too long");
  return Buffer.concat([Buffer.alloc(COORDINATE_BYTES - digits.length), digits]);
}

function parse(blob: Buffer, namespace: string, message: string): SshSignature | null {
  const reader = new Reader(blob);
  if (!reader.take(MAGIC.length).equals(MAGIC) || reader.number() !== VERSION) return null;
  reader.string(); // the embedded public key, which we ignore: the caller verifies with the key that it expects
  const space = reader.string();
  const reserved = reader.string();
  const hash = reader.string();
  if (space.toString() !== namespace || !HASHES.has(hash.toString())) return null;
  const outer = new Reader(reader.string());
  if (outer.string().toString() !== "ecdsa-sha2-nistp256") return null;
  const inner = new Reader(outer.string());
  const signature = Buffer.concat([coordinate(inner.string()), coordinate(inner.string())]);
  const digest = createHash(hash.toString()).update(message).digest();
  return {
    signed: Buffer.concat([MAGIC, ...[space, reserved, hash, digest].map(lengthPrefixed)]),
    signature,
  };
}

/**
 * @param text contains one armoured signature
 * @returns null if there is none that could be valid for this namespace
 */
export function readSshSignature(text: string, namespace: string, message: string): SshSignature | null {
  const armour = ARMOUR.exec(text)?.[1];
  if (armour === undefined) return null;
  try {
    return parse(Buffer.from(armour, "base64"), namespace, message);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
