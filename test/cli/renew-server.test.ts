/** The built command renews the certificate of a gateway that runs: without ssh, and without a restart. */
import { createPublicKey } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DAY_MS } from "../../src/base/index.ts";
import { keyFingerprint, openAuthority, readCertificate } from "../../src/pki/index.ts";
import { signCertificate } from "../../src/pki/sign-certificate.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let stage: LaptopStage;
let gateway: GatewayStage;
beforeAll(async () => {
  stage = makeLaptopStage();
  gateway = await startGateway(stage);
});
afterAll(async () => {
  await gateway?.stop();
  stage?.remove();
});

const lineFile = (name: string) => join(stage.home, "lines/guarded", name);

/** The host's certificate has 20 of 397 days left, and the line knows its host's key. */
async function age(): Promise<void> {
  const key = readFileSync(join(gateway.folder, "key.pem"), "utf8");
  const read = (name: string) => readFileSync(lineFile(name), "utf8");
  const authority = await openAuthority({
    certificate: read("docker/ca.pem"),
    privateKey: read("ca/ca-key.pem"),
  });
  const notAfter = Date.now() + 20 * DAY_MS;
  const old = await signCertificate({
    ...{ kind: "server", commonName: "127.0.0.1", issuer: authority.certificate },
    names: [{ type: "ip", value: "127.0.0.1" }],
    ...{ notBefore: notAfter - 397 * DAY_MS, notAfter },
    ...{ publicKey: createPublicKey(key), signingKey: authority.key },
  });
  await gateway.pause();
  writeFileSync(join(gateway.folder, "cert.pem"), old);
  await gateway.resume();
  const line = JSON.parse(read("line.json"));
  const host = { ...line.host, serverKeys: [keyFingerprint(key)] };
  const known = { ...line, addresses: ["127.0.0.1"], mode: "gateway", host };
  writeFileSync(lineFile("line.json"), JSON.stringify(known));
}

async function served(): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: gateway.port, rejectUnauthorized: false });
  socket.on("error", () => {});
  await once(socket, "secureConnect");
  const { fingerprint } = readCertificate(`${socket.getPeerX509Certificate()}`);
  socket.destroy();
  return fingerprint;
}

test("renew replaces it while it runs, a restart keeps it, and a second renew has nothing to do", async () => {
  await age();
  const before = await served();
  const renewed = await stage.run("tetherdock", "renew");
  expect(renewed.stderr).toMatch(/^guarded: renewed the certificate of its host until \d{4}-\d\d-\d\d$/m);
  const after = await served();
  expect(after).not.toBe(before);
  await gateway.pause();
  await gateway.resume();
  expect(await served()).toBe(after);
  expect((await stage.run("tetherdock", "renew")).stderr).not.toContain("of its host");
  const [told] = JSON.parse((await stage.run("tetherdock", "renew", "--json")).stdout);
  const until = expect.stringMatching(/^\d{4}-\d\d-\d\dT/);
  expect(told).toMatchObject({ line: "guarded", host: { renewed: false, until, problem: null } });
  await gateway.pause();
  const offline = await stage.run("tetherdock", "renew");
  expect(offline.status).toBe(0);
  expect(offline.stderr).toContain("guarded: the certificate of its host was not checked: the gateway at ");
  const [json] = JSON.parse((await stage.run("tetherdock", "renew", "--json")).stdout);
  const problem = expect.stringContaining("the gateway at ");
  expect(json).toMatchObject({ host: { renewed: false, until: null, problem } });
  await gateway.resume();
});
