/** A PKCS#12 file, read by OpenSSL and by NSS, Firefox's library. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { formatPkcs12 } from "../../src/pki/index.ts";
import { mustRun, run } from "../support/run.ts";
import { makeWorld, type World } from "./world.ts";

let world: World;
beforeAll(async () => {
  world = await makeWorld(Date.now());
});
afterAll(() => world.end());

async function fileOf(password: string): Promise<string> {
  const { key, cert } = world.clients.good;
  const identity = {
    ca: world.authority.certificate,
    certificate: cert,
    privateKey: key,
    name: "docker web",
  };
  return world.file("client.p12", await formatPkcs12(identity, password));
}

const PASSWORDS = ["three plain words", "Grüße, 20 €", " space "];

test.each(PASSWORDS)(
  "openssl reads it with the password %j, and finds no old algorithm",
  async (password) => {
    const file = await fileOf(password);
    const { stdout, stderr, status } = await run([
      "openssl",
      "pkcs12",
      "-in",
      file,
      "-passin",
      `pass:${password}`,
      "-noenc",
      "-info",
    ]);
    expect(status, stderr).toBe(0);
    expect(stderr).toMatch(/MAC: sha256, Iteration 100000/);
    expect(stderr.match(/PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256/g)).toHaveLength(2);
    const body = (pem: string) => pem.trim().split("\n").slice(1, -1).join("");
    const texts = [world.clients.good.key, world.clients.good.cert, world.authority.certificate];
    for (const text of texts) expect(stdout.replaceAll("\n", "")).toContain(body(text));
    const wrong = await run(["openssl", "pkcs12", "-in", file, "-passin", "pass:other", "-noenc"]);
    expect(wrong).toMatchObject({ stdout: "", stderr: expect.stringContaining("Mac verify error") });
  },
);

test.each(PASSWORDS)("NSS imports it with the password %j, key and certificates", async (password) => {
  const file = await fileOf(password);
  const database = `sql:${file}.nss`;
  await mustRun(["mkdir", `${file}.nss`]);
  await mustRun(["certutil", "-N", "-d", database, "--empty-password"]);
  await mustRun(["pk12util", "-i", file, "-d", database, "-W", password]);
  expect(await mustRun(["certutil", "-K", "-d", database])).toContain("docker web");
  expect(await mustRun(["certutil", "-L", "-d", database])).toMatch(/docker web +u,u,u/);
  await mustRun(["rm", "-r", `${file}.nss`]);
});
