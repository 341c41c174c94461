/**
 * The token of an invitation, as people paste it: `tdj1.` and base64url. It says where the host is and how to recognise
 * it, and has the secret that lets one key in. `tdj2.` is the same for an invitation that has to be approved: its secret
 * stays with whoever has the token.
 */
import { createHash, timingSafeEqual } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";

export interface InvitationToken {
  /** Whether an admin approves the key before it gets in. */
  readonly approval: boolean;
  /** 32 random bytes. */
  readonly secret: Buffer;
  /** SHA-256 of the public key of the line's CA, lower-case hex. */
  readonly caFingerprint: string;
  /** DNS name or IP address; also the name that the server's certificate must have. */
  readonly address: string;
  readonly port: number;
  /** What the line is called where the invitation was made. */
  readonly line: string;
}

const PREFIX = "tdj1.";
const APPROVAL_PREFIX = "tdj2.";
export const SECRET_BYTES = 32;
const HASH_BYTES = 32;
const CHECK_BYTES = 4;
const FIXED_BYTES = SECRET_BYTES + HASH_BYTES + 2;
/** An address and a name have at most 255 bytes each. */
const MAX_BYTES = FIXED_BYTES + 2 * 256 + CHECK_BYTES;
const MAX_CHARACTERS = PREFIX.length + Math.ceil((MAX_BYTES * 4) / 3);
const TEXT = /^[!-~]{1,255}$/;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** What the host keeps of a token. */
export function secretHash(secret: Uint8Array): string {
  return sha256(secret).toString("hex");
}

/** Against mistyping only: it protects nothing. */
const checkOf = (prefix: string, body: Uint8Array) =>
  sha256(Buffer.concat([Buffer.from(prefix), body])).subarray(0, CHECK_BYTES);

function field(text: string): Buffer {
  if (!TEXT.test(text)) throw new Error(`cannot be part of a token: ${text}`);
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}

export function formatToken(token: InvitationToken): string {
  const { approval, secret, caFingerprint, address, port, line } = token;
  const prefix = approval ? APPROVAL_PREFIX : PREFIX;
  const ports = Buffer.alloc(2);
  ports.writeUInt16BE(port);
  const body = Buffer.concat([secret, Buffer.from(caFingerprint, "hex"), ports, field(address), field(line)]);
  if (secret.length !== SECRET_BYTES || caFingerprint.length !== 2 * HASH_BYTES)
    throw new Error("a token has a secret and a fingerprint of 32 bytes");
  return prefix + Buffer.concat([body, checkOf(prefix, body)]).toString("base64url");
}

/** The token is a secret: no message repeats any of it. */
function invalid(why: string): TetherdockError {
  return new TetherdockError("TOKEN_INVALID", "this is not a complete invitation token", {
    why: [why],
    hints: ["copy the whole token again, as tetherdock client invite printed it"],
  });
}

/** @returns the bytes before the check */
function bodyOf(text: string, prefix: string): Buffer {
  if (text.length > MAX_CHARACTERS) throw invalid("it is too long");
  if (!text.startsWith(prefix))
    throw invalid(
      /^tdj[0-9]+\./.test(text)
        ? "it is from a newer version of tetherdock: upgrade tetherdock here"
        : `it does not begin with ${PREFIX}`,
    );
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64url");
  const body = bytes.subarray(0, Math.max(0, bytes.length - CHECK_BYTES));
  const isWhole = bytes.toString("base64url") === encoded && body.length > FIXED_BYTES;
  if (!isWhole || !timingSafeEqual(checkOf(prefix, body), bytes.subarray(body.length)))
    throw invalid("a character is missing or wrong");
  return body;
}

/** @param text as pasted; white space around it does not matter @throws TOKEN_INVALID */
export function parseToken(text: string): InvitationToken {
  const trimmed = text.trim();
  const approval = trimmed.startsWith(APPROVAL_PREFIX);
  const body = bodyOf(trimmed, approval ? APPROVAL_PREFIX : PREFIX);
  const fields: string[] = [];
  let at = FIXED_BYTES;
  while (at < body.length) {
    const end = at + 1 + (body[at] ?? 0);
    fields.push(body.toString("latin1", at + 1, end));
    at = end;
  }
  const [address = "", line = ""] = fields;
  const port = body.readUInt16BE(SECRET_BYTES + HASH_BYTES);
  if (at !== body.length || fields.length !== 2 || !fields.every((one) => TEXT.test(one)) || port === 0)
    throw invalid("its content is damaged");
  return {
    approval,
    secret: Buffer.from(body.subarray(0, SECRET_BYTES)),
    caFingerprint: body.toString("hex", SECRET_BYTES, SECRET_BYTES + HASH_BYTES),
    address,
    port,
    line,
  };
}
