/** With keys and signatures from the tools that hosts have; test/e2e and test/pki run the script on real hosts. */
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeKeyPair, publicKeyFingerprint } from "../../pki/index.ts";
import { isProof, proofScript } from "./host-proof.ts";

const challenge = { lineId: "00000000000000aa", nonce: "1".repeat(64) };
/** The text that the script signs, extracted from the script. */
const textOf = (one: typeof challenge): string => /printf '%s' '([^']+)'/.exec(proofScript(one))?.[1] ?? "";
const signed = (privateKey: string, text: string): string =>
  `ecdsa ${sign("sha256", Buffer.from(text), privateKey).toString("base64")}\n`;

describe("isProof()", () => {
  const { privateKey, publicKey } = makeKeyPair();
  const good = signed(privateKey, textOf(challenge));

  test("accepts the key's own signature of this challenge", () => {
    expect(isProof(publicKey, good, challenge)).toBe(true);
  });

  test("refuses another line's, an older nonce's, another key's and a changed one", () => {
    expect(isProof(publicKey, good, { ...challenge, lineId: "00000000000000bb" })).toBe(false);
    expect(isProof(publicKey, good, { ...challenge, nonce: "2".repeat(64) })).toBe(false);
    expect(isProof(makeKeyPair().publicKey, good, challenge)).toBe(false);
    expect(isProof(publicKey, signed(makeKeyPair().privateKey, textOf(challenge)), challenge)).toBe(false);
    for (const text of [
      "",
      "ecdsa ",
      "ecdsa AAAA",
      good.slice(0, 40),
      `x${good}`,
      "proven",
      `${" ".repeat(5000)}\n${good}`,
    ])
      expect(isProof(publicKey, text, challenge), text).toBe(false);
  });

  test("a TLS 1.2 server's signature is never a proof: the fixed text is longer than what client and server can choose", () => {
    const text = textOf(challenge);
    expect(text.indexOf("\n")).toBeGreaterThan(64);
    expect(text.slice(0, 64)).toBe(
      textOf({ lineId: "ffffffffffffffff", nonce: "f".repeat(64) }).slice(0, 64),
    );
  });
});

test("publicKeyFingerprint() is null for anything other than a P-256 public key", () => {
  const { publicKey } = makeKeyPair();
  expect(publicKeyFingerprint(publicKey)).toMatch(/^[0-9a-f]{64}$/);
  const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "pem",
  });
  for (const text of ["", "x", rsa.toString()]) expect(publicKeyFingerprint(text)).toBeNull();
});
