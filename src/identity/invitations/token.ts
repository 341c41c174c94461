/**
 * The token of an invitation, as people paste it: `tdj1.` and base64url. It says where the host is and how to recognise
 * it, and has the secret that lets one key in. `tdj2.` is the same for an invitation that has to be approved: its secret
 * stays with whoever has the token. `tdj3.` is for a native engine and has no secret: it lets nobody in.
 */
import { createHash } from "node:crypto";
import { invalidToken, packToken, unpackToken } from "./token-text.ts";

/** The host of a line, and how to recognise it. */
export interface HostToken {
  /** SHA-256 of the public key of the line's CA, lower-case hex. */
  readonly caFingerprint: string;
  /** DNS name or IP address; also the name that the server's certificate must have. */
  readonly address: string;
  readonly port: number;
  /** What the line is called where the invitation was made. */
  readonly line: string;
}

export interface InvitationToken extends HostToken {
  /** Whether an admin approves the key before it gets in. */
  readonly approval: boolean;
  /** 32 random bytes. */
  readonly secret: Buffer;
}

const PREFIX = "tdj1.";
const APPROVAL_PREFIX = "tdj2.";
const NATIVE_PREFIX = "tdj3.";
export const SECRET_BYTES = 32;
const HASH_BYTES = 32;
const PORT_BYTES = 2;
const HOST_BYTES = HASH_BYTES + PORT_BYTES;

/** What the host keeps of a token. */
export function secretHash(secret: Uint8Array): string {
  return createHash("sha256").update(secret).digest("hex");
}

function hostBytes({ caFingerprint, port }: HostToken): Buffer {
  if (caFingerprint.length !== 2 * HASH_BYTES) throw new Error("a fingerprint has 32 bytes");
  const ports = Buffer.alloc(PORT_BYTES);
  ports.writeUInt16BE(port);
  return Buffer.concat([Buffer.from(caFingerprint, "hex"), ports]);
}

/** @param fixed of {@link hostBytes} @throws TOKEN_INVALID */
function hostOf(fixed: Buffer, [address = "", line = ""]: readonly string[]): HostToken {
  const port = fixed.readUInt16BE(HASH_BYTES);
  if (port === 0) throw invalidToken("its content is damaged");
  return { caFingerprint: fixed.toString("hex", 0, HASH_BYTES), address, port, line };
}

export function formatToken(token: InvitationToken): string {
  const { approval, secret, address, line } = token;
  if (secret.length !== SECRET_BYTES) throw new Error("a token has a secret of 32 bytes");
  const fixed = Buffer.concat([secret, hostBytes(token)]);
  return packToken(approval ? APPROVAL_PREFIX : PREFIX, fixed, [address, line]);
}

export function formatNativeToken(token: HostToken): string {
  return packToken(NATIVE_PREFIX, hostBytes(token), [token.address, token.line]);
}

/** @param text as pasted */
export function isNativeToken(text: string): boolean {
  return text.trim().startsWith(NATIVE_PREFIX);
}

/** @param text as pasted; white space around it does not matter @throws TOKEN_INVALID */
export function parseNativeToken(text: string): HostToken {
  const { fixed, texts } = unpackToken(text.trim(), NATIVE_PREFIX, HOST_BYTES);
  return hostOf(fixed, texts);
}

/** @param text as pasted; white space around it does not matter @throws TOKEN_INVALID */
export function parseToken(text: string): InvitationToken {
  const trimmed = text.trim();
  const approval = trimmed.startsWith(APPROVAL_PREFIX);
  const prefix = approval ? APPROVAL_PREFIX : PREFIX;
  const { fixed, texts } = unpackToken(trimmed, prefix, SECRET_BYTES + HOST_BYTES);
  const secret = Buffer.from(fixed.subarray(0, SECRET_BYTES));
  return { approval, secret, ...hostOf(fixed.subarray(SECRET_BYTES), texts) };
}
