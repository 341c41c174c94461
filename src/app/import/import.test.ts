/** What is imported, and what is refused before anything is written. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { countingRandom } from "../../../test/support/app/counting-random.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { Credential, Endpoint, EngineVersionResult } from "../../engine/index.ts";
import { sealArchive } from "../export/archive.ts";
import { type ImportRequest, importLine } from "./import.ts";

const PEMS = { "ca.pem": "ca", "cert.pem": "cert", "key.pem": "key" };
const MACHINE = JSON.stringify({
  ConfigVersion: 3,
  Driver: { IPAddress: "192.0.2.7", MachineName: "web", SSHUser: "docker" },
  HostOptions: { AuthOptions: {} },
});
const WORKS: EngineVersionResult = { ok: true, engine: { version: "28.5.2", apiVersion: "1.51" } };
const REFUSED: EngineVersionResult = {
  ok: false,
  seen: { kind: "tls-alert", alert: "certificate_expired", stage: "after" },
};

function stage(files: Readonly<Record<string, string>> = PEMS, answer = WORKS, isGateway = false) {
  const lines = new MemoryLines();
  const asked: [Endpoint, Credential][] = [];
  const ports = {
    ...{ lines, clock: () => NOW, random: countingRandom(), isGateway: async () => isGateway },
    isFolder: async () => !("archive" in files),
    readFile: async (_folder: string, name = "archive") => files[name],
    password: async () => "three plain words",
    askEngine: async (endpoint: Endpoint, credential: Credential) => {
      asked.push([endpoint, credential]);
      return answer;
    },
  };
  const imports = (over: Partial<ImportRequest> = {}) =>
    importLine(ports, { path: "/home/anna/.docker", address: "web.example", name: undefined, ...over });
  return { lines, asked, imports };
}

test("the line has the certificates that the engine accepted, and no CA key", async () => {
  const { lines, asked, imports } = stage();
  expect(await imports()).toEqual({
    ...{ line: "web", address: "web.example:2376", mode: "native", engine: "28.5.2" },
  });
  expect(asked).toEqual([
    [
      { host: "web.example", port: 2376 },
      { kind: "tls", caPem: "ca", identity: { certPem: "cert", keyPem: "key" } },
    ],
  ]);
  const { "line.json": _, ...files } = Object.fromEntries(lines.kept.get("web") ?? []);
  expect(files).toEqual({ "docker/ca.pem": "ca", "docker/cert.pem": "cert", "docker/key.pem": "key" });
  expect(await lines.read("web")).toMatchObject({ joined: true, target: null, addresses: ["web.example"] });
});

test("a gateway is recognised", async () => {
  expect(await stage(PEMS, WORKS, true).imports({ name: "work" })).toMatchObject({
    ...{ line: "work", mode: "gateway" },
  });
});

test("a docker-machine's folder has its address and, if it can be a line's, its name", async () => {
  const { imports } = stage({ ...PEMS, "config.json": MACHINE.replace('"web"', '"Web_1"') });
  expect(await imports({ address: undefined, name: "web" })).toMatchObject({ address: "192.0.2.7:2376" });
  const machine = stage({ ...PEMS, "config.json": MACHINE });
  expect(await machine.imports({ address: undefined })).toMatchObject({ line: "web" });
  expect(await failureOf(imports({ address: undefined }))).toMatchObject({
    code: "USAGE",
    hints: ["tetherdock import /home/anna/.docker --name NAME"],
  });
});

test.each([
  ["no key", { "ca.pem": "ca", "cert.pem": "cert" }, {}, "IMPORT_REFUSED", "key.pem: no such file"],
  ["an empty folder", {}, {}, "IMPORT_REFUSED", "ca.pem, cert.pem, key.pem: no such file"],
  ["no address", PEMS, { address: undefined }, "USAGE", "docker-machine"],
  [
    "a config.json of something else",
    { ...PEMS, "config.json": '{"auths":{}}' },
    { address: undefined },
    "USAGE",
    "",
  ],
  ["a bad address", PEMS, { address: "web.example:0" }, "ENDPOINT_INVALID", ""],
  [
    "a hostile address",
    { ...PEMS, "config.json": MACHINE.replace("192.0.2.7", "-x$(y)") },
    { address: undefined },
    "ENDPOINT_INVALID",
    "",
  ],
  ["a bad name", PEMS, { name: "../x" }, "LINE_NAME_INVALID", ""],
] as const)("%s: nothing is asked, and nothing written", async (_what, files, over, code, why) => {
  const { lines, asked, imports } = stage(files);
  const error = await failureOf(imports(over));
  expect(error.code).toBe(code);
  expect(error.why.join()).toContain(why);
  expect([asked, lines.staged.size, lines.kept.size]).toEqual([[], 0, 0]);
});

test("certificates that the engine does not accept are refused, with what it answered", async () => {
  const { lines, imports } = stage(PEMS, REFUSED);
  const error = await failureOf(imports());
  expect(error).toMatchObject({
    code: "IMPORT_REFUSED",
    message: "the certificates do not work at web.example:2376",
    hints: ["tetherdock doctor tcp://web.example:2376"],
  });
  expect([error.why.join(), lines.staged.size, lines.kept.size]).toEqual([
    expect.stringContaining("expired"),
    ...[0, 0],
  ]);
});

test("a name that is taken is refused before the engine is asked", async () => {
  const { lines, asked, imports } = stage();
  lines.keep(sampleLine({ name: "web" }), {
    "docker/ca.pem": "",
    "docker/cert.pem": "",
    "docker/key.pem": "",
  });
  expect(await failureOf(imports())).toMatchObject({ code: "LINE_EXISTS" });
  expect(asked).toEqual([]);
});

const ARCHIVED = { name: "web", address: "web.example", port: 2400, ca: "ca", cert: "cert", key: "key" };

test("an archive has everything, and is tried out like a folder", async () => {
  const archive = await sealArchive(ARCHIVED, "three plain words");
  expect(archive).not.toContain(Buffer.from("web.example").toString("base64").slice(0, 12));
  const { lines, asked, imports } = stage({ archive });
  expect(await imports({ address: undefined })).toMatchObject({ line: "web", address: "web.example:2400" });
  expect(asked).toHaveLength(1);
  expect(lines.kept.get("web")?.get("docker/key.pem")).toBe("key");
  expect(await lines.read("web")).toMatchObject({ joined: true });
});

/** The same archive with one byte changed. */
function changed(archive: string, at: number, value?: number): string {
  const [head = "", ...rest] = archive.trim().split("\n");
  const bytes = Buffer.from(rest.slice(0, -1).join(""), "base64");
  const index = at < 0 ? bytes.length + at : at;
  bytes[index] = value ?? (bytes[index] ?? 0) ^ 1;
  return `${head}\n${bytes.toString("base64")}\n${rest.at(-1)}\n`;
}

test.each([
  ["a wrong passphrase", async () => sealArchive(ARCHIVED, "other words"), "ARCHIVE_UNREADABLE"],
  ["a changed byte", async (good: string) => changed(good, -20), "ARCHIVE_UNREADABLE"],
  ["a changed salt", async (good: string) => changed(good, 3), "ARCHIVE_UNREADABLE"],
  ["version 0", async (good: string) => changed(good, 0, 0), "ARCHIVE_UNREADABLE"],
  ["a later version", async (good: string) => changed(good, 0, 2), "STATE_NEWER"],
  ["a part of it", async (good: string) => good.slice(0, 100), "ARCHIVE_UNREADABLE"],
  [
    "an unknown content",
    async () => sealArchive({ ...ARCHIVED, port: 0 }, "three plain words"),
    "ARCHIVE_UNREADABLE",
  ],
  ["another file", async () => "-----BEGIN CERTIFICATE-----", "IMPORT_REFUSED"],
])("an archive with %s is refused, and nothing is asked", async (_what, make, code) => {
  const { lines, asked, imports } = stage({
    archive: await make(await sealArchive(ARCHIVED, "three plain words")),
  });
  expect(await failureOf(imports({ address: undefined }))).toMatchObject({ code });
  expect([asked, lines.staged.size, lines.kept.size]).toEqual([[], 0, 0]);
});
