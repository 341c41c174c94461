/** Each format, read by what reads it; openssl and NSS read PKCS#12 in test/pki. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { whatLeaves } from "./export.ts";
import { type Bundle, type Format, formatOf } from "./formats.ts";

const [ca, cert, key] = ["ca\n", "cert\n", "key\n"];
const line = sampleLine({ name: "web", address: "2001:db8::7" });
const bundle: Bundle = { line, ca, cert, key, fingerprint: "0123456789abcdef0000" };
const HOST = "tcp://[2001:db8::7]:2376";

async function fileOf(name: Format): Promise<string> {
  const format = formatOf(name);
  if (format.kind !== "file") throw new Error("a folder");
  return String(await format.content(bundle, ""));
}

function folderOf(name: Format, folder: string) {
  const format = formatOf(name);
  if (format.kind !== "folder") throw new Error("a file");
  return format.files(bundle, folder);
}

const decoded = (text: unknown) => Buffer.from(String(text), "base64").toString();

test("pem: what DOCKER_CERT_PATH needs, the key first", () => {
  expect(Object.entries(folderOf("pem", "/x"))).toEqual([
    ["key.pem", key],
    ["ca.pem", ca],
    ["cert.pem", cert],
  ]);
});

test("env: one value in each line, and nothing that a reader would have to unquote", async () => {
  const lines = (await fileOf("env")).trimEnd().split("\n");
  expect(lines.every((one) => /^[A-Z0-9_]+=[\w:/.[\]+=]+$/.test(one))).toBe(true);
  const values = Object.fromEntries(lines.map((one) => one.split(/=(.*)/s).slice(0, 2)));
  expect(values).toMatchObject({ DOCKER_HOST: HOST, DOCKER_TLS_VERIFY: "1" });
  expect(decoded(values["DOCKER_KEY_PEM_BASE64"])).toBe(key);
});

test("kubernetes: a Secret in YAML", async () => {
  const { apiVersion, kind, metadata, data } = parse(await fileOf("kubernetes"));
  expect([apiVersion, kind, metadata.name]).toEqual(["v1", "Secret", "docker-web"]);
  const texts = Object.fromEntries(Object.entries(data).map(([name, text]) => [name, decoded(text)]));
  expect(texts).toEqual({ DOCKER_HOST: HOST, "ca.pem": ca, "cert.pem": cert, "key.pem": key });
});

test("ansible: options of the modules, with the paths of the files beside them", () => {
  const files = folderOf("ansible", '/srv/a "folder"');
  expect(parse(String(files["docker.yml"]))).toEqual({
    docker_line: {
      docker_host: HOST,
      validate_certs: true,
      ca_cert: '/srv/a "folder"/ca.pem',
      client_cert: '/srv/a "folder"/cert.pem',
      client_key: '/srv/a "folder"/key.pem',
    },
  });
  expect(files).toMatchObject({ "key.pem": key });
});

test("terraform: variables for the docker provider", async () => {
  expect(JSON.parse(await fileOf("terraform"))).toEqual({
    ...{ docker_host: HOST, docker_ca_material: ca, docker_cert_material: cert, docker_key_material: key },
  });
});

test("secret: one value without a line break, which base64 and tar unpack into files of mode 0600", async () => {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-secret-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const value = await fileOf("secret");
  // What GitLab masks.
  expect(value).toMatch(/^[A-Za-z0-9+/=]{8,}$/);
  execFileSync("sh", ["-c", 'printf %s "$1" | base64 -d | tar -xzC "$2"', "sh", value, folder]);
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  expect(["ca.pem", "cert.pem", "key.pem", "host"].map(read)).toEqual([ca, cert, key, `${HOST}\n`]);
  expect(readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([
    ...[0o600, 0o600, 0o600, 0o600],
  ]);
});

test.each([
  [
    "a gateway's line",
    { mode: "gateway" },
    /revoke the client with the key 0123456789abcdef \(tetherdock/,
    4,
  ],
  ["a joined line", { mode: "gateway", joined: true }, /ask an admin to revoke the client with the key/, 3],
  ["a native line", { mode: "native" }, /no single key can be revoked/, 2],
] as const)("%s: what leaves the machine, and how to end it", (_what, fields, way, count) => {
  const lines = whatLeaves({ ...bundle, line: sampleLine({ name: "web", ...fields }) }, "web.env", false);
  expect(lines).toHaveLength(count);
  expect(lines[0]).toContain("web.env contains this machine's private key for web, not encrypted");
  expect(lines[1]).toMatch(way);
});
