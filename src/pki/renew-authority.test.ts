import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { issueClient } from "./issue.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { isIssuedBy } from "./keys/match.ts";
import { AUTHORITY_LIFETIME_MS, AUTHORITY_RENEWAL_MS, BACKDATE_MS } from "./lifetimes.ts";
import { makeAuthority, type StoredAuthority } from "./make-authority.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { readCertificate } from "./read-certificate.ts";
import { authorityDue, isRenewalOf, renewAuthority } from "./renew-authority.ts";

const MADE = Date.parse("2026-11-27T00:00:00Z");
/** A year before its end. */
const NOW = MADE + AUTHORITY_LIFETIME_MS - 365 * DAY_MS;

const stored: StoredAuthority = await makeAuthority({ subject: "tetherdock vps 0a", now: MADE });
const old = await openAuthority(stored);
const next = await renewAuthority(old, NOW);
const { publicKey } = makeKeyPair();
const client = (authority: Authority) => issueClient(authority, { publicKey, commonName: "anna", now: NOW });

test("a CA is due in its last two years, and after its end", () => {
  const due = (left: number) => authorityDue(old.facts, old.facts.notAfter - left);
  expect([due(AUTHORITY_RENEWAL_MS), due(AUTHORITY_RENEWAL_MS - 1), due(-DAY_MS)]).toEqual([
    false,
    true,
    true,
  ]);
});

test("the next certificate has the key, the name and the rights of the old one, and ten more years", () => {
  const [before, after] = [old.certificate, next.certificate].map((pem) => new X509Certificate(pem));
  expect(after?.publicKey.equals(before?.publicKey as never)).toBe(true);
  const { serial: _serial, fingerprint: _fingerprint, notAfter, ...same } = old.facts;
  expect(next.facts).toMatchObject({ ...same, notAfter: NOW + AUTHORITY_LIFETIME_MS });
  expect(next.facts.serial).not.toBe(old.facts.serial);
  expect(notAfter).toBeLessThan(next.facts.notAfter);
});

test("what either has signed is valid under both", async () => {
  for (const pem of [await client(old), await client(next)])
    expect([isIssuedBy(pem, old.certificate), isIssuedBy(pem, next.certificate)]).toEqual([true, true]);
  await expect(openAuthority({ ...stored, certificate: next.certificate })).resolves.toMatchObject({
    certificate: next.certificate,
  });
});

test("a CA that has expired gets its next certificate too", async () => {
  const late = old.facts.notAfter + DAY_MS;
  const revived = await renewAuthority(old, late);
  expect(isRenewalOf(revived.certificate, old.certificate, late)).toBe(true);
});

describe("a CA certificate that somebody sends", () => {
  const takes = (pem: string, now = NOW) => isRenewalOf(pem, old.certificate, now);

  test("is taken in place of the old one", () => {
    expect(takes(next.certificate)).toBe(true);
  });

  test("is not taken if it is the one in use, or ends earlier", async () => {
    expect(takes(old.certificate)).toBe(false);
    expect(isRenewalOf(old.certificate, next.certificate, NOW)).toBe(false);
  });

  test("is not taken before it begins or after its end", async () => {
    expect(takes(next.certificate, next.facts.notAfter)).toBe(false);
    expect(takes(next.certificate, next.facts.notBefore - 1)).toBe(false);
  });

  test("is not taken for another key, whatever its name", async () => {
    const other = await makeAuthority({ subject: "x", now: NOW, namedAs: old.certificate });
    expect(readCertificate(other.certificate).subject).toBe(old.facts.subject);
    expect(takes(other.certificate)).toBe(false);
  });

  test("is not taken for the same key with another name", async () => {
    const renamed = await renewAuthority({ ...old, certificate: (await named("another")).certificate }, NOW);
    expect(renamed.facts.publicKeyFingerprint).toBe(old.facts.publicKeyFingerprint);
    expect(takes(renamed.certificate)).toBe(false);
  });

  test("is not taken if it is no CA's, is damaged, or another key signed it", async () => {
    expect(takes(await client(old))).toBe(false);
    expect(takes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).toBe(false);
    expect(takes("")).toBe(false);
    // One bit of the signature, which is at the end of the DER.
    const der = Buffer.from(new X509Certificate(next.certificate).raw);
    der.writeUInt8((der.at(-1) ?? 0) ^ 1, der.length - 1);
    const forged = `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
    expect(takes(forged)).toBe(false);
  });
});

test("a machine whose clock is late accepts it: it begins when the old one did", () => {
  expect(next.facts.notBefore).toBe(MADE - BACKDATE_MS);
});

async function named(subject: string): Promise<Authority> {
  return openAuthority(await makeAuthority({ subject, now: MADE }));
}
