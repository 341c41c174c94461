import { ECDH, generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { makeKeyPair } from "./key-pair.ts";
import { readPublicKey } from "./public-key.ts";

const spki = (pair: ReturnType<typeof generateKeyPairSync>) =>
  (pair.publicKey as unknown as { export(o: object): string }).export({ type: "spki", format: "pem" });
const pem = (der: Buffer) =>
  `-----BEGIN PUBLIC KEY-----\n${der.toString("base64")}\n-----END PUBLIC KEY-----\n`;
const codeOf = (text: string): unknown => {
  try {
    readPublicKey(text);
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
  return null;
};

describe("readPublicKey()", () => {
  const { publicKey, privateKey } = makeKeyPair();

  test("reads P-256, with other line endings and only space around it", () => {
    expect(codeOf(publicKey)).toBeNull();
    expect(codeOf(`\r\n${publicKey.replaceAll("\n", "\r\n")}\n `)).toBeNull();
  });

  test("expands a compressed point, for Go", () => {
    const der = Buffer.from(publicKey.split("\n").slice(1, -2).join(""), "base64");
    const point = ECDH.convertKey(
      der.subarray(-65),
      "prime256v1",
      undefined,
      undefined,
      "compressed",
    ) as Buffer;
    const head = Buffer.from("3039301306072a8648ce3d020106082a8648ce3d030107032200", "hex");
    const compressed = pem(Buffer.concat([head, point]));
    expect(readPublicKey(compressed).export({ type: "spki", format: "pem" })).toBe(publicKey);
  });

  test.each([
    ["P-384", generateKeyPairSync("ec", { namedCurve: "secp384r1" })],
    ["secp256k1", generateKeyPairSync("ec", { namedCurve: "secp256k1" })],
    ["Ed25519", generateKeyPairSync("ed25519")],
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 })],
  ])("refuses %s as unsuitable", (_, pair) => {
    expect(codeOf(spki(pair as ReturnType<typeof generateKeyPairSync>))).toBe("KEY_UNSUITABLE");
  });

  test.each([
    ["nothing", ""],
    ["garbage", "ssh-ed25519 AAAA"],
    ["a damaged block", publicKey.replace("MFkw", "MFkx")],
    ["a point off the curve", publicKey.replace(/.{8}\n-----END/, "AAAAAAA=\n-----END")],
    ["a private key", privateKey],
    ["a private key after the public one", publicKey + privateKey],
    ["two keys", publicKey + makeKeyPair().publicKey],
    ["text around", `key:\n${publicKey}`],
  ])("refuses %s as unreadable", (_, text) => {
    expect(codeOf(text)).toBe("KEY_UNREADABLE");
  });

  test("does not repeat a private key in its error", () => {
    expect(() => readPublicKey(privateKey)).toThrow("cannot be read");
    try {
      readPublicKey(privateKey);
    } catch (error) {
      expect(JSON.stringify(error)).not.toContain(privateKey.split("\n")[1]);
    }
  });
});
