/** Tokens as people paste them: a prefix, and base64url of fixed fields, texts, and a checksum against mistyping. */
import { createHash, timingSafeEqual } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";

const CHECK_BYTES = 4;
const TEXT = /^[!-~]{1,255}$/;
/** An address and a name have at most 255 bytes each. */
const MOST_TEXT_BYTES = 2 * 256;
const TEXTS = 2;

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/** Against mistyping only: it protects nothing. */
const checkOf = (prefix: string, body: Uint8Array) =>
  sha256(Buffer.concat([Buffer.from(prefix), body])).subarray(0, CHECK_BYTES);

function field(text: string): Buffer {
  if (!TEXT.test(text)) throw new Error(`cannot be part of a token: ${text}`);
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text, "latin1")]);
}

export function packToken(prefix: string, fixed: Uint8Array, texts: readonly string[]): string {
  const body = Buffer.concat([fixed, ...texts.map(field)]);
  return prefix + Buffer.concat([body, checkOf(prefix, body)]).toString("base64url");
}

/** The token may be a secret: no message repeats any of it. */
export function invalidToken(why: string): TetherdockError {
  return new TetherdockError("TOKEN_INVALID", "this is not a complete invitation token", {
    why: [why],
    hints: ["copy the whole token again, as tetherdock client invite printed it"],
  });
}

/** @returns the bytes before the check */
function bodyOf(text: string, prefix: string, fixedBytes: number): Buffer {
  const mostBytes = fixedBytes + MOST_TEXT_BYTES + CHECK_BYTES;
  if (text.length > prefix.length + Math.ceil((mostBytes * 4) / 3)) throw invalidToken("it is too long");
  if (!text.startsWith(prefix))
    throw invalidToken(
      /^tdj[0-9]+\./.test(text)
        ? "it is from a newer version of tetherdock: upgrade tetherdock here"
        : `it does not begin with ${prefix}`,
    );
  const encoded = text.slice(prefix.length);
  const bytes = Buffer.from(encoded, "base64url");
  const body = bytes.subarray(0, Math.max(0, bytes.length - CHECK_BYTES));
  const isWhole = bytes.toString("base64url") === encoded && body.length > fixedBytes;
  if (!isWhole || !timingSafeEqual(checkOf(prefix, body), bytes.subarray(body.length)))
    throw invalidToken("a character is missing or wrong");
  return body;
}

/** @throws TOKEN_INVALID */
export function unpackToken(
  text: string,
  prefix: string,
  fixedBytes: number,
): { readonly fixed: Buffer; readonly texts: readonly string[] } {
  const body = bodyOf(text, prefix, fixedBytes);
  const texts: string[] = [];
  let at = fixedBytes;
  while (at < body.length) {
    const end = at + 1 + (body[at] ?? 0);
    texts.push(body.toString("latin1", at + 1, end));
    at = end;
  }
  if (at !== body.length || texts.length !== TEXTS || !texts.every((one) => TEXT.test(one)))
    throw invalidToken("its content is damaged");
  return { fixed: body.subarray(0, fixedBytes), texts };
}
