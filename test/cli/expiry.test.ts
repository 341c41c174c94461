/** A line whose certificate has expired, on disk: every command that uses it says so, in one line, on stderr. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DAY_MS } from "../../src/base/index.ts";
import {
  issueExpiredClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  readCertificate,
} from "../../src/pki/index.ts";
import { makeLaptopStage } from "./laptop-stage.ts";
import { writeSampleLine } from "./sample-line.ts";

const ca = await makeAuthority({ subject: "line", now: Date.now() - 100 * DAY_MS });
const { publicKey, privateKey: key } = makeKeyPair();
const cert = await issueExpiredClient(await openAuthority(ca), {
  ...{ publicKey, commonName: "anna", now: Date.now() },
});
const EXPIRED = "the client certificate of the line vps has expired: its engine refuses you";

const certificateOf = ({ home }: { readonly home: string }) =>
  readFileSync(join(home, "lines/vps/docker/cert.pem"), "utf8");

function makeStage(fields: Readonly<Record<string, unknown>> = {}) {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  writeSampleLine(stage.home, "vps", { ca: ca.certificate, caKey: ca.privateKey, cert, key }, fields);
  return stage;
}

test.each([
  ["env", ["env"]],
  ["env by the command tree", ["env", "--", "vps"]],
])("%s warns, changes nothing, and does its work", async (_what, args) => {
  const stage = makeStage();
  const { stdout, stderr, status } = await stage.run("tetherdock", ...args);
  expect(stderr.split("\n")[0]).toBe(`warning: ${EXPIRED}; renew it: tetherdock renew vps`);
  expect(stderr.match(/expired/g)).toHaveLength(1);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^export DOCKER_HOST=tcp:\/\/vps\.example\.net:2376\n/);
  expect(certificateOf(stage)).toBe(cert);
});

test.each([
  ["run", ["run", "--", "true"]],
  ["context create", ["context", "create"]],
  ["status", ["status"]],
])("%s renews it in passing, with the CA key that is here", async (_what, args) => {
  const stage = makeStage({ address: "127.0.0.1", port: 1 });
  const { stderr } = await stage.run("tetherdock", ...args);
  expect(stderr).toMatch(/^renewed the client certificate of the line vps until \d{4}-\d\d-\d\d$/m);
  expect(stderr).not.toContain("expired");
  const { notAfter } = readCertificate(certificateOf(stage));
  expect(notAfter).toBeGreaterThan(Date.now() + 390 * DAY_MS);
});

test("without a way to renew, run warns and does its work", async () => {
  const stage = makeStage();
  rmSync(join(stage.home, "lines/vps/ca"), { recursive: true });
  const { stderr, status } = await stage.run("tetherdock", "run", "--", "true");
  expect(stderr).toBe(`warning: ${EXPIRED}; ask whoever set the line up for a new one\n`);
  expect([status, certificateOf(stage)]).toEqual([0, cert]);
});

test("a command that calls the gateway warns once, before it fails", async () => {
  const stage = makeStage({ mode: "gateway", address: "127.0.0.1", port: 1 });
  rmSync(join(stage.home, "lines/vps/ca"), { recursive: true });
  const { stderr, status } = await stage.run("tetherdock", "client", "ls");
  expect(stderr.split("\n")[0]).toBe(`warning: ${EXPIRED}; ask an admin of its gateway to invite you again`);
  expect(stderr).toContain("GATEWAY_UNREACHABLE");
  expect(status).toBe(1);
});

test("a line of ci-login: nothing asks the gateway to renew it, and renew --all leaves it out", async () => {
  const stage = makeStage({ mode: "gateway", joined: true, job: true, address: "127.0.0.1", port: 1 });
  rmSync(join(stage.home, "lines/vps/ca"), { recursive: true });
  const all = await stage.run("tetherdock", "renew", "--all", "--force");
  expect(all).toMatchObject({ status: 0, stderr: "" });
  const { stderr } = await stage.run("tetherdock", "run", "--", "true");
  expect(stderr).toBe(`warning: ${EXPIRED}; log in again: tetherdock ci-login\n`);
});

test("Tab writes nothing but words", async () => {
  const stage = makeStage({ mode: "gateway", address: "127.0.0.1", port: 1 });
  const { stderr } = await stage.run("tetherdock", "__complete", "client", "rm", "");
  expect(stderr).toBe("");
});
