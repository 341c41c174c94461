/** The line's CA gets its next certificate while clients are connected: nobody notices, and who renews gets it. */
import { readFile } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isRenewalOf, readCertificate } from "../../src/pki/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { type Machine, renew } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "OK"));
});
afterEach(() => stage.end());

const issuingCa = () => readFile(pathOf(stage.folder, "issuing-ca.json"), "utf8");

/** bob, with a certificate of the gateway's own CA. */
async function joined(): Promise<Machine> {
  const [bob, token] = [await newMachine(), secret()];
  await invite(stage, "bob", token);
  const given = await join(stage, bob, token);
  return { key: bob.key, cert: `${given?.["certificate"]}` };
}

async function useCa(ca: string): Promise<void> {
  await stage.takenOver("the certificate", () => stage.write("ca.pem", ca));
}

async function works(machine: Machine, ca: string): Promise<boolean> {
  const wire = await stage.connectWith({ ...machine, ca });
  wire.send(ask("/_ping"));
  await wire.sees("\r\n\r\nOK");
  wire.destroy();
  return true;
}

test("every certificate and every connection stays valid, also of those who joined; renewing brings the new CA", async () => {
  const [vera, bob] = [stage.person("vera"), await joined()];
  const open = [await stage.connectWith({ ...vera }), await stage.connectWith({ ...bob })];
  const own = await issuingCa();
  const next = await stage.identities.next();
  await useCa(next.ca);
  for (const wire of open) {
    wire.send(ask("/_ping"));
    await wire.sees("\r\n\r\nOK");
  }
  for (const ca of [stage.identities.ca, next.ca])
    for (const machine of [vera, bob]) expect(await works(machine, ca)).toBe(true);
  expect(await issuingCa()).toBe(own);
  const answered = await renew(stage, bob);
  expect(answered).toMatchObject({ name: "bob", generation: 1 });
  expect(isRenewalOf(`${answered?.["ca"]}`, stage.identities.ca, Date.now())).toBe(true);
});

test("one that an earlier version bound to the CA's certificate is bound to its key when the gateway starts", async () => {
  const bob = await joined();
  const { lineCaKey: _key, ...kept } = JSON.parse(await issuingCa());
  const lineCa = readCertificate(stage.identities.ca).fingerprint;
  await stage.gateway.stop();
  await stage.write("issuing-ca.json", JSON.stringify({ ...kept, version: 1, lineCa }));
  await stage.start();
  expect(JSON.parse(await issuingCa())).toEqual({
    ...kept,
    version: 2,
    lineCaKey: readCertificate(stage.identities.ca).publicKeyFingerprint,
  });
  const next = await stage.identities.next();
  await useCa(next.ca);
  expect(await works(bob, next.ca)).toBe(true);
});
