/** The request that a gateway may have answered already, although the answer did not arrive. */
import { json } from "../../base/index.ts";
import { readCertificate } from "../../pki/index.ts";
import type { RenewPorts } from "./ports.ts";

interface PendingRequest {
  /** 32 random bytes, base64url: see RenewRequest. */
  readonly request: string;
  /** SHA-256 of the certificate that is to be renewed. */
  readonly replaces: string;
}

const readPending = json.object<PendingRequest & { readonly version: number }>({
  version: { read: json.only(1) },
  request: { read: json.matching(/^[A-Za-z0-9_-]{43}$/, "32 bytes in base64url") },
  replaces: { read: json.sha256 },
});

/** @returns null: the text is for another certificate, or cannot be read; it was not sent then */
export function requestFor(text: string, replaces: string): string | null {
  const read = json.read(text, readPending);
  return "value" in read && read.value.replaces === replaces ? read.value.request : null;
}

/** A request that is stored, and the text that it is stored as. */
export interface ClaimedRequest {
  readonly request: string;
  readonly text: string;
}

/**
 * Stores a new request, or finds the one that another process, or an interrupted one, has stored for this certificate.
 * @returns null: meanwhile another process has renewed it
 * @throws FILE_FAILED
 */
export async function claimRequest(
  { lines, pending, random }: RenewPorts,
  line: string,
  certificate: string,
): Promise<ClaimedRequest | null> {
  const replaces = readCertificate(certificate).fingerprint;
  const request = Buffer.from(random.hex(32), "hex").toString("base64url");
  const own = `${JSON.stringify({ version: 1, request, replaces })}\n`;
  let text = await pending.claim(line, own);
  if (requestFor(text, replaces) === null) {
    await pending.drop(line, text);
    text = await pending.claim(line, own);
  }
  // Whoever renewed it has written the certificate before dropping the request.
  const isStill = (await lines.readFile(line, "docker/cert.pem")) === certificate;
  const claimed = isStill ? requestFor(text, replaces) : null;
  if (claimed !== null) return { request: claimed, text };
  if (text === own) await pending.drop(line, own);
  return null;
}
