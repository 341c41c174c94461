import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import { issueClient, issueExpiredClient, issueServer } from "./issue.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { covers, isClientCertificateFor, isIssuedBy, sameKey } from "./keys/match.ts";
import { publicKeyOf } from "./keys/public-half.ts";
import { AUTHORITY_LIFETIME_MS, BACKDATE_MS, LEAF_LIFETIME_MS } from "./lifetimes.ts";
import { makeAuthority } from "./make-authority.ts";
import { normaliseNames } from "./names/parse-name.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { readCertificate } from "./read-certificate.ts";

const now = Date.UTC(2027, 4, 6, 7, 8, 9);
const { publicKey, privateKey } = makeKeyPair();
const names = normaliseNames(["docker.example.com", "192.0.2.7", "2001:db8::7"]);
const client = { publicKey, commonName: "anna@laptop", now };

let authority: Authority;
let twin: Authority;
beforeAll(async () => {
  authority = await openAuthority(await makeAuthority({ subject: "tetherdock test", now }));
  twin = await openAuthority(await makeAuthority({ subject: "tetherdock test", now }));
});

describe("issueServer()", () => {
  test("has what was requested, and no more", async () => {
    const pem = await issueServer(authority, { publicKey, names, now });
    expect(readCertificate(pem)).toMatchObject({
      subject: "CN=docker.example.com",
      issuer: "CN=tetherdock test",
      names,
      usages: ["serverAuth"],
      isAuthority: false,
      notBefore: now - BACKDATE_MS,
      notAfter: now + LEAF_LIFETIME_MS,
    });
    expect(pem).toMatch(/^-----BEGIN CERTIFICATE-----\n[^-]+\n-----END CERTIFICATE-----\n$/);
  });

  test("Node accepts it for its names, and for no others", async () => {
    const certificate = new X509Certificate(await issueServer(authority, { publicKey, names, now }));
    expect(certificate.checkHost("docker.example.com")).toBe("docker.example.com");
    expect(certificate.checkHost("other.example.com")).toBeUndefined();
    expect(certificate.checkIP("2001:db8:0::7")).toBe("2001:db8:0::7");
    expect(certificate.checkIP("192.0.2.8")).toBeUndefined();
  });

  test("has any valid names", async () => {
    const name = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()).filter((text) => !/^[0.:]+$/.test(text));
    await fc.assert(
      fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 8 }), async (texts) => {
        const requested = normaliseNames(texts);
        const facts = readCertificate(await issueServer(authority, { publicKey, names: requested, now }));
        expect(facts.names).toEqual(requested);
      }),
    );
  });

  test("refuses an empty list and invalid names", async () => {
    await expect(issueServer(authority, { publicKey, names: [], now })).rejects.toMatchObject({
      code: "NAME_MISSING",
    });
    const wild = [{ type: "dns", value: "*.example.com" }] as const;
    await expect(issueServer(authority, { publicKey, names: wild, now })).rejects.toMatchObject({
      code: "NAME_INVALID",
    });
  });
});

describe("issueClient()", () => {
  test("is for a client, with a readable name", async () => {
    const facts = readCertificate(await issueClient(authority, client));
    expect(facts).toMatchObject({
      subject: "CN=anna@laptop",
      usages: ["clientAuth"],
      names: [],
      isAuthority: false,
    });
  });

  test("expires no later than the CA", async () => {
    const late = now + AUTHORITY_LIFETIME_MS - 10 * DAY_MS;
    const facts = readCertificate(await issueClient(authority, { ...client, now: late }));
    expect(facts.notAfter).toBe(authority.facts.notAfter);
  });

  test("begins no earlier than the CA", async () => {
    const facts = readCertificate(
      await issueClient(authority, { ...client, now: authority.facts.notBefore + 5_000 }),
    );
    expect(facts.notBefore).toBe(authority.facts.notBefore);
  });

  test("refuses a private key instead of the public one", async () => {
    await expect(issueClient(authority, { ...client, publicKey: privateKey })).rejects.toMatchObject({
      code: "KEY_UNREADABLE",
    });
  });

  test("has different positive serials of 128 bits", async () => {
    const issue = async () => readCertificate(await issueClient(authority, client)).serial;
    const serials = await Promise.all(Array.from({ length: 200 }, issue));
    expect(new Set(serials).size).toBe(200);
    for (const serial of serials) expect(serial).toMatch(/^[0-9a-f]{1,32}$/);
    // Half of the serials have the highest bit set, which must not make them negative.
    expect(serials.some((serial) => serial.length === 32 && serial > "8")).toBe(true);
  });
});

describe("issueExpiredClient()", () => {
  test("differs from a valid one only in its dates", async () => {
    const good = readCertificate(await issueClient(authority, client));
    const old = await issueExpiredClient(authority, client);
    const facts = readCertificate(old);
    expect(facts).toMatchObject({ subject: good.subject, issuer: good.issuer, usages: good.usages });
    expect(facts.notBefore).toBeLessThan(facts.notAfter);
    expect(facts.notAfter).toBeLessThan(now - 7 * DAY_MS);
    expect(isIssuedBy(old, authority.certificate)).toBe(true);
  });
});

describe("isIssuedBy(), sameKey(), isClientCertificateFor(), covers(), publicKeyOf()", () => {
  test("distinguish a CA from another of the same name", async () => {
    const pem = await issueClient(authority, client);
    expect(isIssuedBy(pem, authority.certificate)).toBe(true);
    expect(isIssuedBy(pem, twin.certificate)).toBe(false);
    expect(isIssuedBy(pem, pem)).toBe(false);
  });

  test("match a certificate with either half of its key only", async () => {
    const pem = await issueClient(authority, client);
    const other = makeKeyPair();
    expect([sameKey(pem, publicKey), sameKey(pem, privateKey)]).toEqual([true, true]);
    expect([sameKey(pem, other.publicKey), sameKey(pem, other.privateKey)]).toEqual([false, false]);
    expect(publicKeyOf(privateKey)).toBe(publicKey);
    expect(() => sameKey(pem, "x")).toThrow("the key cannot be read");
    expect(() => sameKey("x", publicKey)).toThrow("the certificate cannot be read");
  });

  test("a client certificate is for its key, for clients, and not a CA's", async () => {
    const pem = await issueClient(authority, client);
    expect(isClientCertificateFor(pem, privateKey)).toBe(true);
    expect(isClientCertificateFor(pem, makeKeyPair().privateKey)).toBe(false);
    expect(isClientCertificateFor(await issueServer(authority, { publicKey, names, now }), privateKey)).toBe(
      false,
    );
    const ca = await makeAuthority({ subject: "gateway", now, clientsOnly: true });
    expect(readCertificate(ca.certificate).usages).toEqual(["clientAuth"]);
    expect(isClientCertificateFor(ca.certificate, ca.privateKey)).toBe(false);
  });

  test("find missing names", () => {
    const [first, ...rest] = names;
    expect(covers({ names }, rest)).toBe(true);
    expect(covers({ names: rest }, first ? [first] : [])).toBe(false);
    expect(covers({ names: [{ type: "dns", value: "*.example" }] }, normaliseNames(["a.example"]))).toBe(
      false,
    );
  });
});
