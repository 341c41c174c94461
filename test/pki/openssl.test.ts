/** OpenSSL's opinion of our certificates, strict mode. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DAY_MS } from "../../src/base/index.ts";
import {
  issueServer,
  LEAF_LIFETIME_MS,
  makeAuthority,
  normaliseNames,
  openAuthority,
  sameKey,
} from "../../src/pki/index.ts";
import { mustRun, run } from "../support/run.ts";
import { DNS_NAME, makeWorld, type World } from "./world.ts";

let world: World;
const path: Record<string, string> = {};
beforeAll(async () => {
  world = await makeWorld(Date.now());
  const texts = {
    ca: world.authority.certificate,
    twin: world.twin.certificate,
    server: world.server.cert,
    client: world.clients.good.cert,
    expired: world.clients.expired.cert,
    key: world.server.key,
  };
  for (const [name, text] of Object.entries(texts)) path[name] = await world.file(`${name}.pem`, text);
});
afterAll(() => world.end());

const at = (name: string): string => path[name] ?? name;

async function verify(ca: string, certificate: string, ...options: string[]): Promise<string> {
  const argv = ["verify", "-x509_strict", "-CAfile", at(ca), ...options, at(certificate)] as const;
  const { stdout, stderr } = await run(["openssl", ...argv]);
  return stdout + stderr;
}

describe("openssl verify -x509_strict", () => {
  test.each([
    ["the CA itself", "ca", "ca", []],
    ["the server as a server", "ca", "server", ["-purpose", "sslserver"]],
    ["the client as a client", "ca", "client", ["-purpose", "sslclient"]],
    ["the server by DNS name", "ca", "server", ["-verify_hostname", DNS_NAME]],
    ["the server by IPv4", "ca", "server", ["-verify_ip", "127.0.0.1"]],
    ["the server by IPv6", "ca", "server", ["-verify_ip", "::1"]],
  ])("accepts %s", async (_, ca, certificate, options) => {
    expect(await verify(ca, certificate, ...options)).toBe(`${at(certificate)}: OK\n`);
  });

  test.each([
    ["the server as a client", "ca", "server", ["-purpose", "sslclient"], /uns\w+ certificate purpose/],
    ["the client as a server", "ca", "client", ["-purpose", "sslserver"], /uns\w+ certificate purpose/],
    ["an expired client", "ca", "expired", ["-purpose", "sslclient"], /certificate has expired/],
    [
      "a client of another CA of the same name",
      "twin",
      "client",
      [],
      /unable to get local issuer certificate/,
    ],
    ["another DNS name", "ca", "server", ["-verify_hostname", "other.example"], /hostname mismatch/],
    ["the common name of a client", "ca", "client", ["-verify_hostname", "anna"], /hostname mismatch/],
    ["another address", "ca", "server", ["-verify_ip", "::2"], /IP address mismatch/],
  ])("refuses %s", async (_, ca, certificate, options, reason) => {
    expect(await verify(ca, certificate, ...options)).toMatch(reason);
  });

  test("a certificate expires when it says", async () => {
    const seconds = (ms: number) => String(Math.floor((Date.now() + LEAF_LIFETIME_MS + ms) / 1_000));
    expect(await verify("ca", "server", "-attime", seconds(-DAY_MS))).toContain("OK");
    expect(await verify("ca", "server", "-attime", seconds(DAY_MS))).toContain("has expired");
  });

  test("refuses a CA below ours", async () => {
    const file = (name: string, text = "") => world.file(name, text);
    const caKey = world.authority.key.export({ type: "pkcs8", format: "pem" }).toString();
    const [sub, leaf] = [await file("sub.pem"), await file("leaf.pem")];
    const issue = async (subject: string, out: string, ca: string, key: string, constraints: string) => {
      const ext = [
        "-addext",
        `basicConstraints=critical,${constraints}`,
        "-addext",
        "keyUsage=critical,keyCertSign",
      ];
      const request = [
        "-new",
        "-x509",
        "-key",
        at("key"),
        "-subj",
        subject,
        "-CA",
        ca,
        "-CAkey",
        key,
        ...ext,
      ];
      await mustRun(["openssl", "req", ...request, "-days", "2", "-out", out]);
    };
    await issue("/CN=sub", sub, at("ca"), await file("ca-key.pem", caKey), "CA:TRUE");
    await issue("/CN=leaf", leaf, sub, at("key"), "CA:TRUE");
    const { stdout, stderr } = await run(["openssl", "verify", "-CAfile", at("ca"), "-untrusted", sub, leaf]);
    expect(stdout + stderr).toContain("path length constraint exceeded");
  });
});

describe("openssl x509 -text", () => {
  const text = (name: string) => mustRun(["openssl", "x509", "-noout", "-text", "-in", at(name)]);

  test("shows the CA's extensions", async () => {
    const shown = await text("ca");
    expect(shown).toMatch(/Basic Constraints: critical\n\s+CA:TRUE, pathlen:0\n/);
    expect(shown).toMatch(/Key Usage: critical\n\s+Certificate Sign, CRL Sign\n/);
    expect(shown).toContain("ecdsa-with-SHA256");
  });

  test.each([
    ["server", "TLS Web Server Authentication"],
    ["client", "TLS Web Client Authentication"],
  ])("shows the %s's extensions, tied to the CA by key identifier", async (name, usage) => {
    const shown = await text(name);
    expect(shown).toMatch(/Basic Constraints: critical\n\s+CA:FALSE\n/);
    expect(shown).toMatch(/Key Usage: critical\n\s+Digital Signature\n/);
    expect(shown).toMatch(new RegExp(`Extended Key Usage: \\n\\s+${usage}\\n`));
    expect(shown).not.toMatch(/Serial Number:\s+\(Negative\)/);
    const identifier = (kind: string, of: string) =>
      new RegExp(`${kind} Key Identifier: *\\n\\s+(?:keyid:)?([0-9A-F:]{59})\\n`).exec(of)?.[1];
    expect(identifier("Subject", shown)).toBeDefined();
    expect(identifier("Authority", shown)).toBe(identifier("Subject", await text("ca")));
  });
});

describe("keys made by other tools", () => {
  const generators: readonly (readonly [string, (key: string) => Promise<string>])[] = [
    [
      "ssh-keygen",
      async (key) => {
        await mustRun(["ssh-keygen", "-q", "-t", "ecdsa", "-b", "256", "-m", "PEM", "-N", "", "-f", key]);
        return mustRun(["ssh-keygen", "-e", "-m", "PKCS8", "-f", key]);
      },
    ],
    [
      "openssl genpkey",
      async (key) => {
        const curve = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
        await mustRun(["openssl", "genpkey", ...curve, "-out", key]);
        return mustRun(["openssl", "pkey", "-in", key, "-pubout"]);
      },
    ],
    [
      "openssl with a compressed point and explicit curve",
      async (key) => {
        await mustRun(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key]);
        const forms = ["-conv_form", "compressed", "-param_enc", "explicit"];
        return mustRun(["openssl", "ec", "-in", key, "-pubout", ...forms]);
      },
    ],
  ];

  test.each(generators)("%s: certified, in the encoding that all programs read", async (name, generate) => {
    const keyPath = `${await world.file(`${name.replaceAll(" ", "-")}.dir`, "")}.key`;
    const publicKey = await generate(keyPath);
    const names = normaliseNames(["a.example"]);
    const cert = await issueServer(world.authority, { publicKey, names, now: Date.now() });
    const certPath = await world.file("foreign.pem", cert);
    expect(await verify("ca", certPath, "-purpose", "sslserver")).toContain("OK");
    expect(sameKey(cert, await mustRun(["cat", keyPath]))).toBe(true);
    const shown = await mustRun(["openssl", "x509", "-noout", "-text", "-in", certPath]);
    expect(shown).toMatch(/pub:\n\s+04:[\s\S]*ASN1 OID: prime256v1/);
  });
});

describe("a locked CA key", () => {
  test("opens in openssl only with its passphrase; a key encrypted by openssl opens here", async () => {
    const passphrase = "correct horse";
    const stored = await makeAuthority({ subject: "x", now: Date.now(), passphrase });
    const locked = await world.file("locked.pem", stored.privateKey);
    const open = (pass: string) => run(["openssl", "pkey", "-in", locked, "-passin", `pass:${pass}`]);
    const opened = await open(passphrase);
    expect(opened).toMatchObject({ status: 0, stdout: expect.stringContaining("BEGIN PRIVATE KEY") });
    expect((await open("wrong")).status).not.toBe(0);
    const plain = await world.file("plain.pem", opened.stdout);
    const relock = ["-in", plain, "-aes256", "-passout", "pass:other"];
    const privateKey = await mustRun(["openssl", "pkey", ...relock]);
    await expect(openAuthority({ ...stored, privateKey, passphrase: "other" })).resolves.toHaveProperty(
      "key",
    );
  });
});
