/** What is imported, and what is refused before anything is written. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { countingRandom } from "../../../test/support/app/counting-random.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import type { Credential, Endpoint, EngineVersionResult } from "../../engine/index.ts";
import { type ImportRequest, importLine } from "./import.ts";
import { parseAddress } from "./source.ts";

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
    readFile: async (_folder: string, name: string) => files[name],
    askEngine: async (endpoint: Endpoint, credential: Credential) => {
      asked.push([endpoint, credential]);
      return answer;
    },
  };
  const imports = (over: Partial<ImportRequest> = {}) =>
    importLine(ports, { folder: "/home/anna/.docker", address: "web.example", name: undefined, ...over });
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

test("a docker-machine's folder has its address; its name is given", async () => {
  const { imports } = stage({ ...PEMS, "config.json": MACHINE });
  expect(await imports({ address: undefined, name: "web" })).toMatchObject({ address: "192.0.2.7:2376" });
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

test.each([
  ["web.example", "web.example", 2376],
  ["web.example:2400", "web.example", 2400],
  ["192.0.2.7", "192.0.2.7", 2376],
  ["2001:db8::7", "2001:db8::7", 2376],
  ["[2001:db8::7]:2400", "2001:db8::7", 2400],
])("the address %s", (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port });
});
