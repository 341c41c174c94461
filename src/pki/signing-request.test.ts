/** Signing requests: ours, openssl's, and what somebody may send instead. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { TetherdockError } from "../base/index.ts";
import { makeKeyPair } from "./keys/key-pair.ts";
import { keyFingerprint } from "./keys/public-half.ts";
import { makeSigningRequest, readSigningRequest } from "./signing-request.ts";

const P256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];

/** @returns a request that openssl made, and its key */
function opensslRequest(...args: string[]): { readonly request: string; readonly key: string } {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-request-"));
  try {
    const words = ["req", "-new", "-nodes", "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=bob"];
    execFileSync("openssl", [...words, ...args], { cwd: folder, stdio: "pipe" });
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { request: read("csr.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function failure(text: string): Promise<TetherdockError> {
  const error = await readSigningRequest(text).then(
    () => new Error("it was read"),
    (cause) => cause,
  );
  if (error instanceof TetherdockError) return error;
  throw error;
}

test("the key of a request is read back, with white space around it; openssl's too", async () => {
  const { privateKey, publicKey } = makeKeyPair();
  const request = await makeSigningRequest(privateKey, "bob@desk");
  expect(await readSigningRequest(`\n  ${request}\n`)).toBe(publicKey);
  const made = opensslRequest(...P256);
  expect(keyFingerprint(await readSigningRequest(made.request))).toBe(keyFingerprint(made.key));
});

test("openssl accepts our request", async () => {
  const request = await makeSigningRequest(makeKeyPair().privateKey, "bob@desk");
  const args = ["req", "-verify", "-noout", "-subject", "-nameopt", "RFC2253"];
  expect(execFileSync("openssl", args, { input: request, encoding: "utf8", stdio: "pipe" })).toContain(
    "CN=bob@desk",
  );
});

test.each([
  ["to be a CA", ["-addext", "basicConstraints=critical,CA:TRUE"]],
  ["for other names", ["-addext", "subjectAltName=DNS:vps.example"]],
  ["to be a server", ["-addext", "extendedKeyUsage=serverAuth"]],
])("a request %s is refused", async (_what, args) => {
  expect(await failure(opensslRequest(...P256, ...args).request)).toMatchObject({
    ...{ code: "REQUEST_UNUSABLE", why: ["it asks for more than a certificate for its key"] },
  });
});

test.each([
  ["RSA", ["-newkey", "rsa:2048"]],
  ["another curve", ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp384r1"]],
  ["Ed25519", ["-newkey", "ed25519"]],
])("a key of %s is refused", async (_what, args) => {
  const { code } = await failure(opensslRequest(...args).request);
  expect(["KEY_UNSUITABLE", "REQUEST_UNUSABLE"]).toContain(code);
});

test("a request that its key has not signed is refused", async () => {
  const request = await makeSigningRequest(makeKeyPair().privateKey, "bob@desk");
  const der = Buffer.from(request.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const other = makeKeyPair().publicKey.replace(/-----[^-]+-----|\s/g, "");
  const point = Buffer.from(other, "base64").subarray(-65);
  const at = der.indexOf(Buffer.from("034200", "hex")) + 3;
  expect(at).toBeGreaterThan(3);
  point.copy(der, at);
  const text = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(await failure(text)).toMatchObject({ why: ["its signature is not by its key"] });
});

const WHOLE = await makeSigningRequest(makeKeyPair().privateKey, "bob@desk");

test.each([
  ["nothing", ""],
  ["a private key", makeKeyPair().privateKey],
  ["two requests", WHOLE + WHOLE],
  ["a request and a key", WHOLE + makeKeyPair().publicKey],
  ["a huge one", `${WHOLE}${" ".repeat(20_000)}`],
  ["half of one", WHOLE.replace(/\n[^\n]+\n-----END/, "\n-----END")],
  ["noise", `-----BEGIN CERTIFICATE REQUEST-----\n${"A".repeat(400)}\n-----END CERTIFICATE REQUEST-----\n`],
])("%s is refused", async (_what, text) => {
  expect(await failure(text)).toMatchObject({ code: "REQUEST_UNUSABLE" });
});

test("a request with any byte changed is refused, or is still for the same key", async () => {
  const der = Buffer.from(WHOLE.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const key = await readSigningRequest(WHOLE);
  for (let at = 0; at < der.length; at += 1) {
    const changed = Buffer.from(der);
    changed[at] = (changed[at] ?? 0) ^ 0x41;
    const text = `-----BEGIN CERTIFICATE REQUEST-----\n${changed.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
    const read = await readSigningRequest(text).catch((error: unknown) => {
      expect(error).toBeInstanceOf(TetherdockError);
      return key;
    });
    expect(read).toBe(key);
  }
});
