/**
 * Signing requests, PKCS#10 (RFC 2986): a public key, and the proof that whoever made the request has the private one.
 * Nothing else in a request is taken: name, validity and usages of a certificate are its issuer's to decide.
 */
import { createPrivateKey, createPublicKey } from "node:crypto";
import { TetherdockError } from "../base/index.ts";
import { readPublicKey } from "./keys/public-key.ts";
import { x509Library } from "./x509-library.ts";

const P256 = { name: "ECDSA", namedCurve: "P-256" };
const SHA256 = { name: "ECDSA", hash: "SHA-256" };

/** One for a key on P-256 has about 400 bytes. */
const MOST_CHARACTERS = 16 * 1024;
const ONE_REQUEST =
  /^\s*-----BEGIN (?:NEW )?CERTIFICATE REQUEST-----([A-Za-z0-9+/=\s]+)-----END (?:NEW )?CERTIFICATE REQUEST-----\s*$/;

/** @param privateKey PKCS#8, PEM, not encrypted @param name for people @returns PEM, ending in a newline */
export async function makeSigningRequest(privateKey: string, name: string): Promise<string> {
  const x509 = await x509Library();
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [name] }],
    keys: {
      privateKey: createPrivateKey(privateKey).toCryptoKey(P256, false, ["sign"]),
      publicKey: createPublicKey(privateKey).toCryptoKey(P256, true, ["verify"]),
    },
    signingAlgorithm: SHA256,
  });
  return `${request.toString("pem")}\n`;
}

function unusable(why: string, cause?: unknown): TetherdockError {
  return new TetherdockError("REQUEST_UNUSABLE", "the signing request cannot be used", {
    why: [why],
    hints: ["tetherdock join   # on the machine that asks; it prints a request"],
    ...(cause !== undefined && { cause }),
  });
}

async function parse(der: Buffer) {
  const x509 = await x509Library();
  try {
    const request = new x509.Pkcs10CertificateRequest(der);
    return {
      request,
      publicKey: request.publicKey.toString("pem"),
      isEmpty: request.attributes.length === 0,
    };
  } catch (cause) {
    throw unusable("the PEM block is damaged", cause);
  }
}

/**
 * @param text PEM, from another machine
 * @returns the public key, PEM, whose private half has signed the request
 * @throws REQUEST_UNUSABLE; KEY_UNREADABLE, KEY_UNSUITABLE when the key is not on P-256
 */
export async function readSigningRequest(text: string): Promise<string> {
  if (text.includes("PRIVATE KEY")) throw unusable("it has a private key, which must stay where it was made");
  const [, base64] = (text.length <= MOST_CHARACTERS && ONE_REQUEST.exec(text)) || [];
  if (base64 === undefined) throw unusable('it is not one PEM block "CERTIFICATE REQUEST"');
  const { request, publicKey, isEmpty } = await parse(Buffer.from(base64, "base64"));
  // Such as other names, or to be a CA. Whoever wants that must know that the certificate would not have it.
  if (!isEmpty) throw unusable("it asks for more than a certificate for its key");
  const key = readPublicKey(publicKey);
  const isSigned = await request.verify().catch(() => false);
  if (!isSigned) throw unusable("its signature is not by its key");
  return key.export({ type: "spki", format: "pem" }).toString();
}
