/** The script by which a host proves who it is, run by sh with each of the tools that hosts have. */
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SERVER_KEY } from "../../src/facts/index.ts";
import { isProof, proofScript } from "../../src/host/index.ts";
import { run } from "../support/run.ts";

const challenge = { lineId: "00000000000000aa", nonce: "0123456789abcdef".repeat(4) };
const folder = mkdtempSync(join(tmpdir(), "tetherdock-host-proof-"));
const key = join(folder, "server-key.pem");
/** Programs of a host without openssl, as Fedora CoreOS is. */
const bare = join(folder, "bin");
let publicKey: string;

beforeAll(() => {
  execFileSync("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key]);
  chmodSync(key, 0o600);
  publicKey = execFileSync("openssl", ["pkey", "-in", key, "-pubout"], { encoding: "utf8" });
  mkdirSync(bare);
  for (const name of ["sh", "mktemp", "ln", "rm", "ssh-keygen"])
    symlinkSync(`/usr/bin/${name}`, join(bare, name));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** As the host runs it, but with its paths below our folder. */
function script(path: string): string {
  return proofScript(challenge)
    .replaceAll(SERVER_KEY, path)
    .replaceAll("/run/", `${folder}/`)
    .replace(/^PATH=[^;]*;/, "");
}

describe.each([
  ["openssl", process.env["PATH"] ?? "", /^ecdsa /],
  ["ssh-keygen", bare, /^-----BEGIN SSH SIGNATURE-----/],
])("%s", (_, PATH, form) => {
  test("the signature is valid for this key, line and nonce only, and leaves no files", async () => {
    const before = readdirSync(folder);
    const { status, stdout, stderr } = await run(["/bin/sh", "-c", script(key)], "", { env: { PATH } });
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(form);
    expect(isProof(publicKey, stdout, challenge)).toBe(true);
    expect(isProof(publicKey, stdout, { ...challenge, lineId: "00000000000000bb" })).toBe(false);
    expect(isProof(publicKey, stdout, { ...challenge, nonce: "f".repeat(64) })).toBe(false);
    const at = stdout.replace(/-----END.*/s, "").trimEnd().length - 8;
    const broken = stdout.slice(0, at) + (stdout[at] === "A" ? "B" : "A") + stdout.slice(at + 1);
    expect(isProof(publicKey, broken, challenge)).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
    expect(existsSync(`${key}.pub`)).toBe(false);
  });

  test.each(["/bin/sh", "/usr/bin/dash", "/bin/bash"])("interrupted, %s leaves no files", async (sh) => {
    const before = readdirSync(folder);
    for (const signal of ["HUP", "PIPE", "TERM"]) {
      // What a broken connection does to the shell, while it waits for the tool that signs.
      const cut = script(key).replaceAll(
        /ssh-keygen -y|openssl dgst/g,
        (tool) => `kill -${signal} $$; ${tool}`,
      );
      const { status } = await run([sh, "-c", cut], "", { env: { PATH } });
      expect(status, signal).not.toBe(0);
      expect(readdirSync(folder), signal).toEqual(before);
    }
  });

  test("signing fails without a key", async () => {
    const { status } = await run(["/bin/sh", "-c", script(`${key}-none`)], "", { env: { PATH } });
    expect(status).toBe(1);
  });
});
