/** The only place where a certificate is built and signed: X.509 v3, ECDSA with SHA-256. */
import { type KeyObject, randomBytes } from "node:crypto";
import type { Extension, JsonGeneralName, X509Certificate } from "@peculiar/x509";
import { wholeSecond } from "./lifetimes.ts";
import type { San } from "./names/parse-name.ts";
import { x509Library } from "./x509-library.ts";

/** The parts that differ between certificates. */
export interface CertificatePlan {
  readonly kind: "authority" | "client-authority" | "server" | "client";
  /** 1 to 64 characters (ub-common-name, RFC 5280 appendix A.1). */
  readonly commonName: string;
  /** A certificate, PEM, whose subject this one has instead. */
  readonly namedAs?: string;
  /** The CA's certificate, PEM; null when this one signs itself. */
  readonly issuer: string | null;
  readonly names: readonly San[];
  /** Milliseconds since the epoch, cut to the second. */
  readonly notBefore: number;
  /** Milliseconds since the epoch, cut to the second. */
  readonly notAfter: number;
  readonly publicKey: KeyObject;
  readonly signingKey: KeyObject;
}

/** 128 bits, so that serials neither collide nor reveal how many were issued; RFC 5280 §4.1.2.2 allows 160. */
const SERIAL_BYTES = 16;

const P256 = { name: "ECDSA", namedCurve: "P-256" };

type Library = Awaited<ReturnType<typeof x509Library>>;

/** The extensions that make it a CA, a server or a client; §4.2.1.3, §4.2.1.9 and §4.2.1.12 of RFC 5280. */
function roleExtensions(x509: Library, kind: CertificatePlan["kind"]): Extension[] {
  const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;
  const { serverAuth, clientAuth } = x509.ExtendedKeyUsage;
  if (kind === "authority" || kind === "client-authority") {
    // Path length 0: it can issue to servers and clients, but not to another CA.
    const constraints = new x509.BasicConstraintsExtension(true, 0, true);
    const usages = new x509.KeyUsagesExtension(keyCertSign | cRLSign, true);
    // OpenSSL and Go refuse a server below a CA that is for clients only.
    const only = kind === "authority" ? [] : [new x509.ExtendedKeyUsageExtension([clientAuth], true)];
    return [constraints, usages, ...only];
  }
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(digitalSignature, true),
    new x509.ExtendedKeyUsageExtension([kind === "server" ? serverAuth : clientAuth]),
  ];
}

/** The CA's own identifier instead of a newly computed one, as §4.2.1.1 requires. */
function authorityKeyId(x509: Library, issuer: X509Certificate): Extension[] {
  const own = issuer.getExtension(x509.SubjectKeyIdentifierExtension);
  return own ? [new x509.AuthorityKeyIdentifierExtension(own.keyId)] : [];
}

/** @returns the signed certificate, PEM, ending in a newline. */
export async function signCertificate(plan: CertificatePlan): Promise<string> {
  const x509 = await x509Library();
  const publicKey = plan.publicKey.toCryptoKey(P256, true, ["verify"]);
  const issuer = plan.issuer === null ? null : new x509.X509Certificate(plan.issuer);
  const subject =
    plan.namedAs === undefined
      ? [{ CN: [plan.commonName] }]
      : new x509.X509Certificate(plan.namedAs).subjectName;
  const names: JsonGeneralName[] = plan.names.map(({ type, value }) => ({ type, value }));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomBytes(SERIAL_BYTES).toString("hex"),
    subject,
    issuer: issuer?.subjectName ?? subject,
    notBefore: wholeSecond(plan.notBefore),
    notAfter: wholeSecond(plan.notAfter),
    publicKey,
    signingKey: plan.signingKey.toCryptoKey(P256, false, ["sign"]),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    extensions: [
      ...roleExtensions(x509, plan.kind),
      await x509.SubjectKeyIdentifierExtension.create(publicKey),
      ...(issuer ? authorityKeyId(x509, issuer) : []),
      ...(names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : []),
    ],
  });
  return `${certificate.toString("pem")}\n`;
}
