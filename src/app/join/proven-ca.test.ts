/** By what a CA is recognised that nobody has vouched for: its key, and its own signature. */
import { expect, test } from "vitest";
import {
  crossCertify,
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  readCertificate,
  renewAuthority,
} from "../../pki/index.ts";
import { isPinned } from "./proven-ca.ts";

const NOW = Date.parse("2026-11-27T00:00:00Z");
const ca = await openAuthority(await makeAuthority({ subject: "line", now: NOW }));
const other = await openAuthority(await makeAuthority({ subject: "other", now: NOW }));
const { fingerprint, publicKeyFingerprint: key } = ca.facts;

test("a CA is recognised by its key, also with its next certificate", async () => {
  const { certificate: next } = await renewAuthority(ca, NOW + 1_000);
  expect([ca.certificate, next].map((pem) => isPinned(pem, [key]))).toEqual([true, true]);
});

test("either of two is enough, while one CA replaces another", () => {
  const pins = [key, other.facts.publicKeyFingerprint];
  expect([ca.certificate, other.certificate].map((pem) => isPinned(pem, pins))).toEqual([true, true]);
});

test("a pin of the older form is of one certificate", async () => {
  const { certificate: next } = await renewAuthority(ca, NOW + 1_000);
  expect([ca.certificate, next].map((pem) => isPinned(pem, [fingerprint]))).toEqual([true, false]);
});

test("another's certificate is not, whatever name or signature it has", async () => {
  const named = await makeAuthority({ subject: "x", now: NOW, namedAs: ca.certificate });
  const crossed = await crossCertify(other, ca.certificate);
  expect(readCertificate(crossed).publicKeyFingerprint, "it is for the pinned key").toBe(key);
  for (const pem of [other.certificate, named.certificate, crossed]) expect(isPinned(pem, [key])).toBe(false);
});

test("a certificate that is none of a CA is not, even of the pinned key", async () => {
  const { publicKey } = makeKeyPair();
  const client = await issueClient(ca, { publicKey, commonName: "x", now: NOW });
  expect(isPinned(client, [readCertificate(client).publicKeyFingerprint])).toBe(false);
});
