/** The status of all lines at once, each with its own problems. */
import { beforeAll, describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryContexts } from "../../../test/support/app/memory-contexts.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import type { EngineVersionResult } from "../../engine/index.ts";
import { formatContextMeta } from "../../line/index.ts";
import { issueClient, makeAuthority, makeKeyPair, openAuthority, readCertificate } from "../../pki/index.ts";
import type { SelfAnswer } from "../gateway-api/index.ts";
import { type StatusPorts, statusOf } from "./status.ts";

let ca: string;
let cert: string;

beforeAll(async () => {
  const stored = await makeAuthority({ subject: "test", now: NOW });
  const { publicKey } = makeKeyPair();
  ca = stored.certificate;
  cert = await issueClient(await openAuthority(stored), { publicKey, commonName: "x", now: NOW });
});

const answers = (): EngineVersionResult => ({
  ok: true,
  engine: { version: "28.0.0", apiVersion: "1.48" },
  tls: { version: "TLSv1.3", certificatePem: cert },
});
const silent: EngineVersionResult = {
  ok: false,
  seen: { kind: "unreachable", cause: "timeout", detail: "timeout" },
};

const gateway = (status: number, body: string): EngineVersionResult => ({
  ok: false,
  seen: { kind: "answered", answer: { status, body, server: "tetherdock" } },
});

function stage(...names: string[]) {
  const [lines, contexts] = [new MemoryLines(), new MemoryContexts()];
  const files = { "docker/ca.pem": ca, "docker/cert.pem": cert, "docker/key.pem": "", "ca/ca-key.pem": "" };
  names.forEach((name, at) => {
    lines.keep(sampleLine({ name, id: `00000000000000a${at}`, address: `192.0.2.${at}` }), files);
  });
  const asked: string[] = [];
  const time = { now: NOW };
  const engines = new Map<string, EngineVersionResult | TetherdockError>();
  const selves = new Map<string, SelfAnswer>();
  const ports: StatusPorts = {
    ...{ lines, env: {}, contexts: async () => contexts, clock: () => time.now },
    askSelf: async (name) => selves.get(name) ?? null,
    askEngine: async ({ host }) => {
      asked.push(host);
      const result = engines.get(host) ?? answers();
      if (result instanceof TetherdockError) throw result;
      return result;
    },
  };
  return { ports, lines, contexts, asked, engines, selves, time };
}

test("queries every line, or the one that is named", async () => {
  const { ports, asked } = stage("a", "b");
  expect(await statusOf(ports, undefined)).toMatchObject([
    { name: "a", problems: [] },
    { name: "b", problems: [] },
  ]);
  await statusOf(ports, "b");
  expect(asked).toEqual(["192.0.2.0", "192.0.2.1", "192.0.2.1"]);
});

test("who this machine is, by the gateway of a line; a native engine is not asked", async () => {
  const { ports, lines, selves } = stage("a", "b");
  const self = { name: "bob", role: "viewer", expires: null, waiting: null };
  for (const name of ["a", "b"]) selves.set(name, self);
  lines.keep(sampleLine({ name: "a", mode: "gateway" }), {
    ...{ "docker/ca.pem": ca, "docker/cert.pem": cert, "docker/key.pem": "", "ca/ca-key.pem": "" },
  });
  expect(await statusOf(ports, undefined)).toMatchObject([
    { name: "a", self },
    { name: "b", self: null },
  ]);
});

test("no line: LINE_NONE; a wrong name: LINE_UNKNOWN", async () => {
  expect((await failureOf(statusOf(stage().ports, undefined))).code).toBe("LINE_NONE");
  expect((await failureOf(statusOf(stage("a").ports, "b"))).code).toBe("LINE_UNKNOWN");
});

test("queries an engine with the line's own files, and verifies it with the line's CA", async () => {
  const { ports, lines } = stage("a");
  await lines.update("a", "docker/key.pem", "the key");
  const credentials: unknown[] = [];
  const askEngine: StatusPorts["askEngine"] = async (_endpoint, credential) => {
    credentials.push(credential);
    return answers();
  };
  await statusOf({ ...ports, askEngine }, "a");
  expect(credentials).toEqual([{ kind: "tls", caPem: ca, identity: { certPem: cert, keyPem: "the key" } }]);
});

describe("a problem of one line does not hide the others", () => {
  test.each<[string, EngineVersionResult | TetherdockError, RegExp]>([
    ["an engine that does not answer", silent, /^192\.0\.2\.0:2376 does not answer as it should: /],
    [
      "a key that cannot be used",
      new TetherdockError("CREDENTIAL_UNUSABLE", "bad key", { why: ["so"] }),
      /^bad key$/,
    ],
    [
      "a gateway that refuses this machine",
      gateway(403, '{"message":"tetherdock: your access was revoked"}'),
      /^the gateway at 192\.0\.2\.0:2376 refuses this machine: "your access was revoked"$/,
    ],
    ["a gateway with another answer", gateway(502, "{}"), /a tetherdock gateway answers HTTP 502/],
    ["what says that it is a gateway", gateway(403, "{"), /a tetherdock gateway answers HTTP 403/],
  ])("%s", async (_what, result, says) => {
    const { ports, engines } = stage("a", "b");
    engines.set("192.0.2.0", result);
    const [first, second] = await statusOf(ports, undefined);
    expect(first?.problems[0]).toMatch(says);
    expect(second?.problems).toEqual([]);
  });
  test.each([
    ["joined", true, "native", 2],
    ["that this machine set up", undefined, "native", 1],
    ["with a gateway, which brings a new CA itself", true, "gateway", 1],
  ] as const)("a host of another CA, and a line %s", async (_what, joined, mode, count) => {
    const { ports, engines, lines } = stage("a");
    const files = { "docker/ca.pem": ca, "docker/cert.pem": cert, "docker/key.pem": "", "ca/ca-key.pem": "" };
    lines.keep(sampleLine({ name: "a", address: "192.0.2.0", mode, ...(joined && { joined }) }), files);
    const tls = { version: "TLSv1.3", certificatePem: cert };
    const seen = { kind: "distrusted", reason: "unknown-authority", detail: "so", tls } as const;
    engines.set("192.0.2.0", { ok: false, seen });
    const [status] = await statusOf(ports, "a");
    expect(status?.problems).toHaveLength(count);
    if (count === 2) expect(status?.problems[1]).toMatch(/run: tetherdock renew a --certificate FILE$/);
  });
  test("a line that cannot be read is not queried", async () => {
    const { ports, lines, asked } = stage("a", "b");
    await lines.update("a", "line.json", "{");
    const [first, second] = await statusOf(ports, undefined);
    expect([first?.summary, second?.problems, asked]).toEqual([undefined, [], ["192.0.2.1"]]);
    expect(first?.problems.length).toBeGreaterThan(0);
  });
});

describe("certificates", () => {
  const problemsAt = async (days: number) => {
    const { ports, time } = stage("a");
    time.now = NOW + days * DAY_MS;
    return (await statusOf(ports, "a"))[0]?.problems;
  };
  test("that expire soon or have expired are reported: the client's and the server's", async () => {
    const lasts = 397;
    expect(await problemsAt(1)).toEqual([]);
    const [server, client] = (await problemsAt(lasts - 3)) ?? [];
    expect([server, client]).toEqual([
      expect.stringMatching(/^the server's certificate expires in \d days?$/),
      expect.stringMatching(/^the client certificate expires in \d days?$/),
    ]);
    expect(await problemsAt(lasts + 9)).toEqual(
      expect.arrayContaining(["the server's certificate has expired", "the client certificate has expired"]),
    );
  });
  test("of CI jobs always end soon: reported once they have", async () => {
    const { ports, lines, time } = stage("a");
    const files = { "docker/ca.pem": ca, "docker/cert.pem": cert, "docker/key.pem": "" };
    lines.keep(sampleLine({ name: "a", joined: true, job: true }), files);
    const clientProblems = async () =>
      (await statusOf(ports, "a"))[0]?.problems.filter((one) => one.includes("client"));
    const { notAfter } = readCertificate(cert);
    time.now = notAfter - 1;
    expect(await clientProblems()).toEqual([]);
    time.now = notAfter + 1;
    expect(await clientProblems()).toEqual(["the client certificate has expired"]);
  });
  test("that cannot be read are reported", async () => {
    const { ports, lines } = stage("a");
    await lines.update("a", "docker/ca.pem", "x");
    expect((await statusOf(ports, "a"))[0]?.problems).toEqual(["the CA certificate cannot be read"]);
  });
});

test("a docker context that matches its line is no problem", async () => {
  const { ports, lines, contexts } = stage("a");
  await contexts.write("a", formatContextMeta("a", await lines.read("a")), {
    ...{ "ca.pem": ca, "cert.pem": cert, "key.pem": "" },
  });
  expect((await statusOf(ports, "a"))[0]?.problems).toEqual([]);
});

test("each problem on this machine comes with the command that fixes it", async () => {
  const { ports, lines, contexts } = stage("a");
  Object.assign(lines, { exposedKeys: async () => ["/home/an na/key.pem"] });
  await contexts.write("a", formatContextMeta("a", { ...(await lines.read("a")), port: 1 }), {
    ...{ "ca.pem": ca, "cert.pem": cert, "key.pem": "" },
  });
  expect((await statusOf(ports, "a"))[0]?.problems).toEqual([
    "others on this machine can read a private key: chmod 600 '/home/an na/key.pem'",
    'the docker context "a" is stale: tetherdock context refresh',
  ]);
});

test("a line that cannot be read has the error's problems and no others", async () => {
  const { ports, lines } = stage("a");
  const error = new TetherdockError("FILE_FAILED", "cannot read line.json", { why: ["so"] });
  Object.assign(lines, { read: () => Promise.reject(error) });
  expect(await statusOf(ports, undefined)).toEqual([
    {
      ...{ name: "a", summary: undefined, engine: undefined, self: null, serverDays: undefined },
      problems: [error.message, "so"],
    },
  ]);
});

test("an engine that cannot be asked: the problems on this machine are reported too", async () => {
  const { ports, lines, engines } = stage("a");
  Object.assign(lines, { exposedKeys: async () => ["/k"] });
  engines.set("192.0.2.0", new TetherdockError("CREDENTIAL_UNUSABLE", "bad key", { why: ["so"] }));
  expect((await statusOf(ports, "a"))[0]?.problems).toEqual([
    ...["bad key", "so", "others on this machine can read a private key: chmod 600 /k"],
  ]);
});

test("an engine without TLS has no certificate whose days could be counted", async () => {
  const { ports, engines } = stage("a");
  engines.set("192.0.2.0", { ok: true, engine: { version: "28.0.0", apiVersion: "1.48" } });
  expect(await statusOf(ports, "a")).toMatchObject([
    { serverDays: undefined, problems: ["the server's certificate cannot be read"] },
  ]);
});

test("each line has its own contexts only", async () => {
  const { ports, lines, contexts } = stage("a", "b");
  for (const name of ["a", "b"])
    await contexts.write(name, formatContextMeta(name, await lines.read(name)), {
      ...{ "ca.pem": ca, "cert.pem": cert, "key.pem": "" },
    });
  const rows = await statusOf(ports, undefined);
  expect(rows.map(({ summary }) => summary?.contexts.map(({ name }) => name))).toEqual([["a"], ["b"]]);
});

test("an error that is a bug is passed on", async () => {
  const { ports, lines } = stage("a");
  const bug = new Error("a bug");
  await expect(statusOf({ ...ports, askEngine: () => Promise.reject(bug) }, "a")).rejects.toBe(bug);
  Object.assign(lines, { exposedKeys: () => Promise.reject(bug) });
  await expect(statusOf(ports, "a")).rejects.toBe(bug);
});
