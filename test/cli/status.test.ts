/** `tetherdock status` against servers that answer, refuse, and are not there. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { DAY_MS } from "../../src/base/index.ts";
import { issueClient, makeAuthority, makeKeyPair, openAuthority } from "../../src/pki/index.ts";
import { ENGINE_VERSION, type FakeEngine, startFakeEngine } from "./fake-engine.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const certificates = makeCertificates(100);
let engine: FakeEngine;
let gone: number;

beforeAll(async () => {
  engine = await startFakeEngine(certificates);
  // A port that was just given back: refused.
  const other = await startFakeEngine(certificates);
  gone = other.port;
  await other.close();
});
afterAll(() => engine.close());

function makeStage(): LaptopStage {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  writeSampleLine(stage.home, "good", certificates, { address: "127.0.0.1", port: engine.port });
  return stage;
}

test("no problems: exit status 0", async () => {
  const stage = makeStage();
  const { stdout, stderr, status } = await stage.run("tetherdock", "status");
  expect(stderr).toBe("");
  expect(stdout.split("\n")[1]?.split(/ {2,}/)).toEqual([
    "good",
    "native",
    `127.0.0.1:${engine.port}`,
    ENGINE_VERSION,
    "1.41",
    "99 days",
    "59 days",
    "999 days",
  ]);
  expect(status).toBe(0);
});

test("every line is listed, with the reason if it has a problem: exit status 1", async () => {
  const stage = makeStage();
  writeSampleLine(stage.home, "gone", certificates, { address: "127.0.0.1", port: gone });
  writeSampleLine(stage.home, "stranger", makeCertificates(100), { address: "127.0.0.1", port: engine.port });
  writeSampleLine(stage.home, "soon", certificates, { address: "127.0.0.1", port: 0 });
  const { stdout, status } = await stage.run("tetherdock", "status", "--json");
  const lines = JSON.parse(stdout) as { name: string; ok: boolean; reachable: boolean; problems: string[] }[];
  expect(lines.map(({ name, ok, reachable }) => [name, ok, reachable])).toEqual([
    ["gone", false, false],
    ["good", true, true],
    ["soon", false, false],
    ["stranger", false, false],
  ]);
  expect(lines[0]?.problems).toEqual([`127.0.0.1:${gone} does not answer as it should: connection refused`]);
  expect(lines[2]?.problems).toContain('"port" must be a whole number from 1 to 65535');
  expect(lines[3]?.problems[0]).toMatch(/certificate does not verify/);
  expect(status).toBe(1);
});

test("a certificate that expires soon is a problem, even if every engine answers", async () => {
  const stage = makeStage();
  // The fake engine trusts only its own CA, so the certificate is from that CA; without its key it cannot be renewed here.
  const now = Date.now();
  const ca = await makeAuthority({ subject: "line", now: now - 100 * DAY_MS });
  const { publicKey, privateKey: key } = makeKeyPair();
  const asked = { publicKey, commonName: "me", now: now - 95 * DAY_MS, until: now + 5 * DAY_MS - 1_000 };
  const cert = await issueClient(await openAuthority(ca), asked);
  const short = { ca: ca.certificate, caKey: ca.privateKey, cert, key };
  const other = await startFakeEngine(short);
  onTestFinished(() => other.close());
  writeSampleLine(stage.home, "short", short, { address: "127.0.0.1", port: other.port });
  rmSync(join(stage.home, "lines/short/ca"), { recursive: true });
  const { stdout, stderr, status } = await stage.run("tetherdock", "status", "short");
  expect(stdout).toContain(ENGINE_VERSION);
  expect(stderr).toBe("warning: short: the client certificate expires in 4 days\n");
  expect(status).toBe(1);
});
