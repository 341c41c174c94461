/** The line's CA is replaced by one with another key while clients are connected: the states of ADR 0032, in a gateway. */
import { readFile } from "node:fs/promises";
import { join as pathOf } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  crossCertify,
  followBundle,
  formatBundle,
  makeAuthority,
  openAuthority,
  readCertificate,
} from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Identities } from "./support/identities.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { type Machine, newRequest, renew } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let next: Identities;
let offered: string;
let switched: string;
beforeEach(async () => {
  const old = await makeAuthority({ subject: "tetherdock test 1", now: Date.now() - 86_400_000 });
  stage = await Stage.make({ identities: await Identities.of(old) });
  stage.docker.answerAll(answer(200, "OK"));
  const made = await makeAuthority({ subject: "tetherdock test 2", now: Date.now() });
  next = await Identities.of(made);
  const cross = await crossCertify(await openAuthority(old), next.ca);
  offered = formatBundle({ authorities: [stage.identities.ca, next.ca], crosses: [cross] });
  switched = formatBundle({ authorities: [next.ca, stage.identities.ca], crosses: [] });
});
afterEach(() => stage.end());

const keyOf = (pem: string) => readCertificate(pem).publicKeyFingerprint;

async function joined(): Promise<Machine> {
  const [bob, token] = [await newMachine(), secret()];
  await invite(stage, "bob", token);
  const given = await join(stage, bob, token);
  return { key: bob.key, cert: `${given?.["certificate"]}` };
}

async function works(machine: Machine, ca: string): Promise<void> {
  const wire = await stage.connectWith({ ...machine, ca });
  wire.send(ask("/_ping"));
  await wire.sees("\r\n\r\nOK");
  wire.destroy();
}

async function newCa(ca = stage.identities.ca): Promise<unknown> {
  const { key, cert } = stage.person("anna");
  const anna = await stage.connectWith({ key, cert, ca });
  const { value } = await call(anna, "GET", "clients");
  anna.destroy();
  return value["newCa"];
}

const useCa = (text: string) => stage.takenOver("the certificates", () => stage.write("ca.pem", text));
const file = (name: string) => readFile(pathOf(stage.folder, name), "utf8");

/** Three files, one after the other, as up writes them. @returns when a new connection is shown the certificate */
async function useServer(ca: string, server: { readonly key: string; readonly cert: string }): Promise<void> {
  await stage.write("ca.pem", ca);
  await stage.useServer({ ...server, fingerprint: "" });
  const shown = async () => {
    const { key, cert } = stage.person("anna");
    const wire = await stage.connectWith({ key, cert, ca });
    const pem = `${(wire.socket as TLSSocket).getPeerX509Certificate()}`;
    wire.destroy();
    return readCertificate(pem).fingerprint;
  };
  await expect.poll(shown, { timeout: 5_000 }).toBe(readCertificate(server.cert).fingerprint);
}

const issuingFor = async () => JSON.parse(await file("issuing-ca.json")).lineCaKey;

test("offered, counted, switched, done: whoever has taken the new CA loses no connection and no request", async () => {
  const [vera, bob] = [stage.person("vera"), await joined()];
  const open = [await stage.connectWith({ ...vera }), await stage.connectWith({ ...bob })];
  expect(await newCa()).toBeNull();

  await useCa(offered);
  expect(await newCa()).toEqual({ key: keyOf(next.ca), clients: [] });
  const request = newRequest();
  const first = await renew(stage, bob, request);
  const kept = followBundle(`${first?.["ca"]}`, stage.identities.ca, Date.now()) ?? "";
  expect(kept).toBe(formatBundle({ authorities: [stage.identities.ca, next.ca], crosses: [] }));
  expect(await newCa(), "it was sent, which does not mean that it was kept").toMatchObject({ clients: [] });
  const bobNow = { key: bob.key, cert: `${first?.["certificate"]}` };
  const again = await renew(stage, bobNow, request, { trusts: keyOf(next.ca) });
  expect(again).toMatchObject({ certificate: bobNow.cert, generation: 1 });
  expect(await newCa()).toEqual({ key: keyOf(next.ca), clients: ["bob"] });

  await useServer(switched, await next.server("docker.test"));
  await expect.poll(issuingFor).toBe(keyOf(next.ca));
  for (const machine of [bob, bobNow, vera]) await works(machine, kept);
  expect(await newCa(kept)).toBeNull();
  const second = await renew(stage, bobNow, newRequest(), {}, kept);
  expect(followBundle(`${second?.["ca"]}`, kept, Date.now())).toBe(next.ca);

  await useCa(next.ca);
  await works({ key: bob.key, cert: `${second?.["certificate"]}` }, next.ca);
  for (const wire of open) {
    wire.send(ask("/_ping"));
    await wire.sees("\r\n\r\nOK");
  }
});

test("undone after the switch, the old CA's clients go on, and those who joined too", async () => {
  const bob = await joined();
  const old = { key: await file("server-key.pem"), cert: await file("server-cert.pem") };
  await useCa(offered);
  await useServer(switched, await next.server("docker.test"));
  await expect.poll(issuingFor).toBe(keyOf(next.ca));
  await useServer(offered, old);
  await expect.poll(issuingFor).toBe(keyOf(stage.identities.ca));
  await works(bob, stage.identities.ca);
});

test("a client that says so of another CA is not counted", async () => {
  await useCa(offered);
  const [vera, request] = [stage.person("vera"), newRequest()];
  const first = await renew(stage, vera, request);
  const cert = `${first?.["certificate"]}`;
  await renew(stage, { ...vera, cert }, request, { trusts: "0".repeat(64) });
  expect(await newCa()).toMatchObject({ clients: [] });
  expect(await renew(stage, { ...vera, cert }, request, { trusts: "x" })).toMatchObject({
    refused: "this is not a request to renew",
  });
});
