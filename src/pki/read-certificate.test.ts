import { createHash, createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { makeKeyPair } from "./keys/key-pair.ts";
import { certificateBlocks, readCertificate, validityOf } from "./read-certificate.ts";
import { x509Library } from "./x509-library.ts";

const pair = makeKeyPair();
const P256 = { name: "ECDSA", namedCurve: "P-256" };

/** A certificate from elsewhere, with content that ours never have. */
async function foreign(over: { readonly subject?: never[] } = {}): Promise<string> {
  const x509 = await x509Library();
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: "00ff",
    subject: [{ CN: ["a, b"] }, { O: ["c"] }],
    issuer: [{ CN: ["d"] }],
    notBefore: new Date(Date.UTC(2020, 0, 1)),
    notAfter: new Date(Date.UTC(2060, 0, 1)),
    publicKey: createPublicKey(pair.publicKey).toCryptoKey(P256, true, ["verify"]),
    signingKey: createPrivateKey(pair.privateKey).toCryptoKey(P256, false, ["sign"]),
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    ...over,
    extensions: [
      new x509.ExtendedKeyUsageExtension(["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1", "1.2.3.4"]),
      new x509.SubjectAlternativeNameExtension([
        { type: "email", value: "root@example.com" },
        { type: "dns", value: "a.example, DNS:trusted.example" },
        { type: "url", value: "https://x.example/,DNS:y.example" },
        { type: "dns", value: '"quoted"' },
        { type: "dns", value: "*.Example.com" },
        { type: "ip", value: "2001:db8::1" },
      ]),
    ],
  });
  return certificate.toString("pem");
}

describe("readCertificate()", () => {
  let pem: string;
  beforeAll(async () => {
    pem = await foreign();
  });

  test("reads a certificate that is not ours", () => {
    const { raw } = new X509Certificate(pem);
    const spki = createPublicKey(pair.publicKey).export({ type: "spki", format: "der" });
    expect(readCertificate(pem)).toMatchObject({
      subject: "CN=a\\, b, O=c",
      issuer: "CN=d",
      serial: "ff",
      notBefore: Date.UTC(2020, 0, 1),
      notAfter: Date.UTC(2060, 0, 1),
      usages: ["clientAuth", "serverAuth", "1.2.3.4"],
      isAuthority: false,
      fingerprint: createHash("sha256").update(raw).digest("hex"),
      publicKeyFingerprint: createHash("sha256").update(spki).digest("hex"),
    });
  });

  test("reads a certificate without a subject, whose names are elsewhere (RFC 5280 §4.1.2.6)", async () => {
    expect(readCertificate(await foreign({ subject: [] }))).toMatchObject({ subject: "", issuer: "CN=d" });
  });

  test("reads one hostile name as one name", () => {
    expect(readCertificate(pem).names).toEqual([
      { type: "dns", value: "a.example, dns:trusted.example" },
      { type: "dns", value: '"quoted"' },
      { type: "dns", value: "*.example.com" },
      { type: "ip", value: "2001:db8::1" },
    ]);
  });

  test.each([
    ["", "it is not PEM"],
    [pair.publicKey, "it is not PEM"],
    ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "the PEM block is damaged"],
  ])("refuses %j", (text, why) => {
    expect(() => readCertificate(text)).toThrow(
      expect.objectContaining({ code: "CERTIFICATE_UNREADABLE", why: [why] }),
    );
  });
});

describe("a damaged certificate that OpenSSL accepts cannot be read", () => {
  // Same length, so that the DER around it stays valid.
  const damaged = async (find: Buffer, put: Buffer): Promise<string> => {
    const der = Buffer.from(new X509Certificate(await foreign()).raw);
    const at = der.lastIndexOf(find);
    expect(at).toBeGreaterThan(0);
    put.copy(der, at);
    return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
  };
  const curve = Buffer.from("06072a8648ce3d0201", "hex");
  test.each([
    ["the end", Buffer.from("20600101000000Z"), Buffer.from("20601301000000Z")],
    ["the beginning", Buffer.from("200101000000Z"), Buffer.from("AAAAAAAAAAAAZ")],
    ["the kind of key", curve, Buffer.from("06072a8648ce3d0277", "hex")],
  ])("%s", async (_, find, put) => {
    const pem = await damaged(find, put);
    expect(() => readCertificate(pem)).toThrow(expect.objectContaining({ code: "CERTIFICATE_UNREADABLE" }));
  });

  test("in each of 5,000 reads: Node's Date for a damaged time is sometimes from uninitialised memory", async () => {
    const der = Buffer.from(
      (await damaged(Buffer.from("20600101000000Z"), Buffer.from("20601301000000Z"))).split("\n")[1] ?? "",
      "base64",
    );
    const read = () => validityOf(new X509Certificate(der)).notAfter;
    expect(new Set(Array.from({ length: 5000 }, read))).toEqual(new Set([Number.NaN]));
  });
});

test("certificates in a text from somebody else, up to 64 KiB of it", async () => {
  const pem = (await foreign()).trim();
  const text = `mail header\r\n${pem}\r\nand\n${pem}`;
  expect(certificateBlocks(text)).toEqual([pem, pem]);
  expect(certificateBlocks("-----BEGIN CERTIFICATE-----\n-\n-----END CERTIFICATE-----")).toEqual([]);
  expect(certificateBlocks(text.padEnd(65_536))).toHaveLength(2);
  expect(certificateBlocks(text.padEnd(65_537))).toBeNull();
});
