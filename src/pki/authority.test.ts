import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { PBKDF2_ROUNDS } from "./asn1/pbes2.ts";
import { issueClient } from "./issue.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { AUTHORITY_LIFETIME_MS, BACKDATE_MS } from "./lifetimes.ts";
import { makeAuthority, type StoredAuthority } from "./make-authority.ts";
import { isLocked, openAuthority } from "./open-authority.ts";
import { readCertificate } from "./read-certificate.ts";
import { x509Library } from "./x509-library.ts";

const now = Date.UTC(2027, 4, 6, 7, 8, 9, 999);
const passphrase = "rühr mich nicht an";
const codeOf = (opening: Promise<unknown>): Promise<unknown> =>
  opening.then(
    () => null,
    (error: { code?: unknown }) => error.code,
  );

let plain: StoredAuthority;
let locked: StoredAuthority;
beforeAll(async () => {
  plain = await makeAuthority({ subject: "tetherdock test", now });
  locked = await makeAuthority({ subject: "tetherdock test", now, passphrase });
});

describe("makeAuthority()", () => {
  test("makes a self-signed CA for ten years, backdated", () => {
    const facts = readCertificate(plain.certificate);
    const certificate = new X509Certificate(plain.certificate);
    const second = Math.floor(now / 1_000) * 1_000;
    expect(facts).toMatchObject({
      subject: "CN=tetherdock test",
      issuer: "CN=tetherdock test",
      isAuthority: true,
      notBefore: second - BACKDATE_MS,
      notAfter: second + AUTHORITY_LIFETIME_MS,
    });
    expect(facts.usages).toEqual([]);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  });

  test("encrypts the key with a stretched passphrase", () => {
    expect(plain.privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(locked.privateKey).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/);
    expect([isLocked(plain), isLocked(locked)]).toEqual([false, true]);
    const der = Buffer.from(locked.privateKey.split("\n").slice(1, -2).join(""), "base64").toString("hex");
    expect(der).toContain(`0203${PBKDF2_ROUNDS.toString(16).padStart(6, "0")}`);
    expect(createPrivateKey({ key: locked.privateKey, passphrase }).asymmetricKeyType).toBe("ec");
  });

  test.each([
    ["an empty passphrase", { passphrase: "" }, "CA_PASSPHRASE_INVALID"],
    ["one OpenSSL could not read back", { passphrase: "a".repeat(1_001) }, "CA_PASSPHRASE_INVALID"],
    ["a subject nobody can see", { subject: "\u200b" }, "SUBJECT_INVALID"],
  ])("refuses %s", async (_, options, code) => {
    expect(await codeOf(makeAuthority({ subject: "x", now, ...options }))).toBe(code);
  });
});

describe("openAuthority()", () => {
  test("opens what makeAuthority made, with the longest passphrase too", async () => {
    const long = "a".repeat(1_000);
    const made = await makeAuthority({ subject: "x", now, passphrase: long });
    expect(await codeOf(openAuthority({ ...made, passphrase: long }))).toBeNull();
    expect(await codeOf(openAuthority(plain))).toBeNull();
    expect(await codeOf(openAuthority({ ...locked, passphrase }))).toBeNull();
  });

  test("accepts the passphrase however the keyboard composes it", async () => {
    expect(await codeOf(openAuthority({ ...locked, passphrase: passphrase.normalize("NFD") }))).toBeNull();
  });

  test("refuses an encrypted key without its passphrase, and says whether it is missing or wrong", async () => {
    expect(await codeOf(openAuthority(locked))).toBe("CA_KEY_LOCKED");
    expect(await codeOf(openAuthority({ ...locked, passphrase: `${passphrase} ` }))).toBe(
      "CA_PASSPHRASE_WRONG",
    );
    expect(await codeOf(openAuthority({ ...locked, passphrase: "" }))).toBe("CA_PASSPHRASE_WRONG");
  });

  test("refuses a key and certificate that do not belong together, and a certificate that is not a CA", async () => {
    const { privateKey, publicKey } = makeKeyPair();
    const authority = await openAuthority(plain);
    const leaf = await issueClient(authority, { publicKey, commonName: "x", now });
    const { privateKey: rsa } = generateKeyPairSync("rsa", {
      modulusLength: 2048,
      publicKeyEncoding: { type: "spki", format: "pem" },
      privateKeyEncoding: { type: "pkcs8", format: "pem" },
    });
    const cases = [
      [{ ...plain, privateKey }, "CA_KEY_MISMATCH"],
      [{ certificate: leaf, privateKey }, "CA_UNSUITABLE"],
      [{ ...plain, privateKey: rsa }, "CA_UNSUITABLE"],
      [{ ...plain, privateKey: "" }, "CA_KEY_UNREADABLE"],
      [{ ...plain, privateKey: publicKey }, "CA_KEY_UNREADABLE"],
      [{ ...plain, certificate: "" }, "CERTIFICATE_UNREADABLE"],
    ] as const;
    for (const [stored, code] of cases) expect(await codeOf(openAuthority(stored))).toBe(code);
  });

  test("keeps the key out of printed objects", async () => {
    const authority = await openAuthority(plain);
    expect(JSON.stringify(authority)).not.toContain(plain.privateKey.split("\n")[1]);
  });

  test("issues nothing outside the CA's validity", async () => {
    const authority = await openAuthority(plain);
    const { publicKey } = makeKeyPair();
    const issueAt = (at: number) => codeOf(issueClient(authority, { publicKey, commonName: "x", now: at }));
    const { notBefore, notAfter } = authority.facts;
    expect(await issueAt(notBefore - 1)).toBe("CA_NOT_YET_VALID");
    expect(await issueAt(notBefore)).toBeNull();
    expect(await issueAt(notAfter - DAY_MS)).toBeNull();
    expect(await issueAt(notAfter)).toBe("CA_EXPIRED");
  });
});

test("a CA that is named as another has its subject byte for byte, and another key", async () => {
  const x509 = await x509Library();
  const keys = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
    "verify",
  ]);
  const other = await x509.X509CertificateGenerator.createSelfSigned({
    ...{
      keys,
      name: [{ C: ["AU"] }, { O: ["x".repeat(64)] }, { CN: ["CN=a, b"] }],
      notBefore: new Date(now),
    },
    ...{ signingAlgorithm: { name: "ECDSA", hash: "SHA-256" } },
  });
  const namedAs = other.toString("pem");
  const { certificate } = await makeAuthority({ subject: "unused", now, namedAs });
  const made = new x509.X509Certificate(certificate);
  for (const name of [made.subjectName, made.issuerName])
    expect(Buffer.from(name.toArrayBuffer())).toEqual(Buffer.from(other.subjectName.toArrayBuffer()));
  const [ours, theirs] = [new X509Certificate(certificate), new X509Certificate(namedAs)];
  expect([ours.checkIssued(theirs), ours.verify(theirs.publicKey)], "by name, and by key").toEqual([
    true,
    false,
  ]);
  expect(await codeOf(makeAuthority({ subject: "x", now, namedAs: "x" }))).toBe("CERTIFICATE_UNREADABLE");
});
