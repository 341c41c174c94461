/** Reads public keys from elsewhere strictly, because a certificate will vouch for them. */
import { createPublicKey, type KeyObject } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";

const ONE_PUBLIC_KEY = /^\s*-----BEGIN PUBLIC KEY-----[A-Za-z0-9+/=\s]+-----END PUBLIC KEY-----\s*$/;
const PRIVATE = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/** Only ECDSA on P-256, the one curve that every program supports. */
export function isP256(key: KeyObject): boolean {
  return key.asymmetricKeyType === "ec" && key.asymmetricKeyDetails?.namedCurve === "prime256v1";
}

function unreadable(why: string, cause?: unknown): TetherdockError {
  return new TetherdockError("KEY_UNREADABLE", "the public key cannot be read", {
    why: [why],
    hints: ["openssl pkey -in key.pem -pubout -out public.pem   # where the key was made"],
    ...(cause === undefined ? {} : { cause }),
  });
}

function parse(pem: string): KeyObject {
  // createPublicKey would also accept a private key or a certificate, and a private key must not get this far.
  if (PRIVATE.test(pem)) throw unreadable("it is a private key, which must stay where it was made");
  if (!ONE_PUBLIC_KEY.test(pem)) throw unreadable('it is not one PEM block "PUBLIC KEY"');
  try {
    return createPublicKey(pem);
  } catch (cause) {
    throw unreadable("the PEM block holds no public key", cause);
  }
}

/**
 * Reads a P-256 public key as `ssh-keygen -e -m PKCS8` and `openssl pkey -pubout` print it.
 * @param pem SubjectPublicKeyInfo, RFC 5480
 * @returns the key, with an uncompressed point
 * @throws KEY_UNREADABLE when it is not one public key
 * @throws KEY_UNSUITABLE when it is another algorithm or curve
 */
export function readPublicKey(pem: string): KeyObject {
  const key = parse(pem);
  if (!isP256(key)) {
    const { asymmetricKeyType: type = "unknown", asymmetricKeyDetails: details } = key;
    throw new TetherdockError("KEY_UNSUITABLE", "the key is not an ECDSA key on P-256", {
      why: [`it is of type ${type}${details?.namedCurve ? ` on ${details.namedCurve}` : ""}`],
      hints: ["ssh-keygen -q -t ecdsa -b 256 -m PEM -N '' -f key.pem"],
    });
  }
  // Through JWK, because Go refuses the compressed points and explicit curves that OpenSSL accepts.
  return createPublicKey({ key: key.export({ format: "jwk" }), format: "jwk" });
}
