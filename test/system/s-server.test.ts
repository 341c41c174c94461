/** The prober against OpenSSL's own server, which refuses as dockerd does: by an alert, in TLS 1.3 after the handshake. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Credential, Endpoint, Observation } from "../../src/engine/index.ts";
import { probe } from "../../src/system/probing/prober.ts";
import { type Authority, OpensslPki, type Pair } from "./openssl-pki.ts";

let pki: OpensslPki;
let ca: Authority;
let dir: string;
let running: ChildProcess | undefined;

beforeAll(() => {
  pki = new OpensslPki();
  ca = pki.authority();
  dir = mkdtempSync(join(tmpdir(), "tetherdock-s-server-"));
  const server = ca.leaf({ san: "IP:127.0.0.1" });
  writeFileSync(join(dir, "server.pem"), server.certPem + server.keyPem);
  writeFileSync(join(dir, "ca.pem"), ca.certPem);
});
afterEach(async () => {
  if (!running) return;
  running.kill();
  await once(running, "exit");
});
afterAll(() => {
  pki.remove();
  rmSync(dir, { recursive: true });
});

async function sServer(version: string): Promise<Endpoint> {
  const trust = ["-CAfile", "ca.pem", "-Verify", "1", "-verify_return_error"];
  const args = ["s_server", "-accept", "127.0.0.1:0", "-cert", "server.pem", ...trust, "-www", version];
  running = spawn("openssl", args, { cwd: dir, stdio: ["pipe", "pipe", "ignore"] });
  for await (const line of createInterface({ input: running.stdout as NodeJS.ReadableStream })) {
    const port = /^ACCEPT .*:([0-9]+)$/.exec(line)?.[1];
    if (port) return { host: "127.0.0.1", port: Number(port) };
  }
  throw new Error("openssl s_server did not come up");
}

test.each([
  ["-tls1_2", "handshake", "handshake_failure"],
  ["-tls1_3", "after", "certificate_required"],
])("openssl s_server %s -Verify", async (version, stage, withoutCertificate) => {
  const endpoint = await sServer(version);
  const see = (identity?: Pair): Promise<Observation> => {
    const credential: Credential = { kind: "tls", caPem: ca.certPem, ...(identity && { identity }) };
    return probe({ endpoint, credential, timeoutMs: 5_000 });
  };
  expect(await see(ca.leaf({ usage: "clientAuth" }))).toMatchObject({
    kind: "answered",
    answer: { status: 200 },
  });
  expect(await see()).toEqual({ kind: "tls-alert", stage, alert: withoutCertificate });
  const stranger = pki.authority("stranger").leaf({ usage: "clientAuth" });
  expect(await see(stranger)).toEqual({ kind: "tls-alert", stage, alert: "unknown_ca" });
  const expired = ca.leaf({ usage: "clientAuth", from: "200101000000Z", to: "200201000000Z" });
  expect(await see(expired)).toEqual({ kind: "tls-alert", stage, alert: "certificate_expired" });
  const plain = await probe({ endpoint, credential: { kind: "plain" }, timeoutMs: 5_000 });
  expect(plain.kind).toMatch(/^(?:closed|garbage)$/);
});
