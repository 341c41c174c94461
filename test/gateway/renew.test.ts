/** A client renews its certificate; what an expired one, a copied key, and a stranger get. */
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { RENEW_PROTOCOL } from "../../src/gateway/index.ts";
import {
  issueClient,
  makeAuthority,
  openAuthority,
  publicKeyOf,
  selfSignedClient,
} from "../../src/pki/index.ts";
import { fleetClient, fleetList, makeOperator, signNext } from "../support/fleet/sample-fleet.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import { newMachine } from "./support/joining.ts";
import { newRequest, renew, renewed } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";

const DAY_MS = 86_400_000;

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
});
afterEach(() => stage.end());

const refused = (text: RegExp) => ({ refused: expect.stringMatching(text), retry: false });

async function admin(method: string, path: string): Promise<Record<string, unknown>> {
  const anna = await stage.connect();
  const { value } = await call(anna, method, path);
  anna.destroy();
  return value;
}

async function stateOf(name: string): Promise<unknown> {
  const { clients } = await admin("GET", "clients");
  return (clients as { name: string; state: string }[]).find((one) => one.name === name)?.state;
}

/** vera's key with a certificate of the line's CA that ended this long ago. */
async function expired(agoMs: number) {
  const { key } = stage.person("vera");
  const cert = await stage.identities.signed(publicKeyOf(key), Date.now() - agoMs);
  return { key, cert };
}

test("a certificate is renewed for the same key, and both the old and the new one work", async () => {
  const vera = stage.person("vera");
  const answer = await renew(stage, vera);
  expect(answer).toMatchObject({ name: "vera", role: "viewer", expires: null, generation: 1 });
  const issued = new X509Certificate(`${answer?.["certificate"]}`);
  expect(issued).toMatchObject({ ca: false, subject: "CN=vera", keyUsage: ["1.3.6.1.5.5.7.3.2"] });
  expect(issued.publicKey.equals(new X509Certificate(vera.cert).publicKey)).toBe(true);
  for (const cert of [vera.cert, `${answer?.["certificate"]}`]) {
    const { docker, client } = await stage.asked(ask("/_ping"), { ...vera, cert });
    docker.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await client.sees("200 OK");
  }
  await stage.record(({ rule, client }) => rule === "client-renewed" && client === "vera");
  expect(await admin("GET", "renewals/vera")).toMatchObject({ renewal: { generation: 1, copy: null } });
});

test("the client chooses a shorter life, but nothing else", async () => {
  const vera = stage.person("vera");
  const short = await renew(stage, vera, newRequest(), { lifeMs: 7 * DAY_MS });
  const { validToDate } = new X509Certificate(`${short?.["certificate"]}`);
  expect(Math.abs(validToDate.getTime() - Date.now() - 7 * DAY_MS)).toBeLessThan(60_000);
  for (const more of [{ lifeMs: 500 * DAY_MS }, { lifeMs: -1 }, { role: "admin" }, { name: "anna" }])
    expect(await renew(stage, vera, newRequest(), more)).toEqual(refused(/not a request to renew/));
});

test("a repeated request gets the same certificate: its answer may have been lost", async () => {
  const [vera, request] = [stage.person("vera"), newRequest()];
  const [first, second] = [await renew(stage, vera, request), await renew(stage, vera, request)];
  expect(second).toEqual(first);
  const again = { ...vera, cert: `${first?.["certificate"]}` };
  expect(await renew(stage, again, request)).toEqual(first);
  const next = await renew(stage, again);
  expect(next).toMatchObject({ generation: 2 });
  expect(await stateOf("vera")).toBe("active");
});

test("of two requests at once that are the same, both get the same certificate", async () => {
  const [vera, request] = [stage.person("vera"), newRequest()];
  const answers = await Promise.all([1, 2, 3].map(() => renew(stage, vera, request)));
  expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
});

test("an older certificate with another request is a copied key: both are stopped until an admin restores", async () => {
  const vera = stage.person("vera");
  const thief = await renewed(stage, vera);
  const stream = await stage.connect(vera);
  expect(await renew(stage, vera)).toEqual(refused(/in use in two places/));
  await stream.over;
  expect(await stateOf("vera")).toBe("revoked");
  for (const one of [vera, thief]) {
    expect(await renew(stage, one)).toEqual(refused(/stopped because its key/));
    const wire = await stage.connectWith({ ...one });
    wire.send(ask("/_ping"));
    expect(await wire.rest()).toMatch(/^HTTP\/1.1 403 /);
  }
  await stage.record(({ rule, client }) => rule === "copied-key" && client === "vera");
  expect(await admin("GET", "renewals/vera")).toMatchObject({
    renewal: { generation: 1, copy: { address: expect.stringContaining("127.") } },
  });
  await admin("POST", "clients/vera/restore");
  expect(await admin("GET", "renewals/vera")).toMatchObject({ renewal: { copy: null } });
  expect(await renew(stage, vera)).toMatchObject({ generation: 2 });
});

test("the last active admin is refused, and not stopped", async () => {
  const anna = stage.person("anna");
  await renewed(stage, anna);
  expect(await renew(stage, anna)).toEqual(refused(/in use in two places; nothing was renewed/));
  expect(await stateOf("anna")).toBe("active");
});

test("an expired certificate is renewed three times a year, within 30 days; restore allows it again", async () => {
  expect(await renew(stage, await expired(31 * DAY_MS))).toEqual(refused(/too long ago/));
  let vera = await expired(29 * DAY_MS);
  const wire = await stage.connectWith(vera);
  wire.send(ask("/_ping"));
  expect(await wire.rest(), "HTTP is closed to it").toBe("");
  for (const recoveriesLeft of [2, 1, 0]) {
    const answer = await renew(stage, vera, newRequest(), { lifeMs: 1 });
    expect(answer).toMatchObject({ recoveriesLeft });
    vera = { ...vera, cert: `${answer?.["certificate"]}` };
  }
  expect(await renew(stage, vera)).toEqual(refused(/too many expired/));
  await stage.record(({ rule, client }) => rule === "client-recovered" && client === "vera");
  await admin("POST", "clients/vera/restore");
  expect(await renew(stage, vera)).toMatchObject({ recoveriesLeft: 2 });
});

test("records outlive a restart, and end with rm", async () => {
  const vera = stage.person("vera");
  await renewed(stage, vera);
  await stage.gateway.stop();
  await stage.start();
  const path = join(stage.folder, "renewals", `${vera.fingerprint}.json`);
  expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ generation: 1 });
  await admin("DELETE", "clients/vera");
  await expect(readFile(path)).rejects.toThrow("ENOENT");
  const gone = await renew(stage, vera);
  expect(gone).toBeUndefined();
});

test("a key that is not on the list, and a certificate that is not of this line, get no byte", async () => {
  const vera = stage.person("vera");
  const other = await openAuthority(await makeAuthority({ subject: "other", now: Date.now() }));
  const publicKey = publicKeyOf(vera.key);
  const cases = {
    stranger: await newMachine(),
    unlisted: await stage.identities.client("eve"),
    "self-signed": { key: vera.key, cert: await selfSignedClient(vera.key, "vera", Date.now()) },
    "of another CA": {
      key: vera.key,
      cert: await issueClient(other, { publicKey, commonName: "vera", now: Date.now() }),
    },
    "self-signed and expired": {
      key: vera.key,
      cert: await selfSignedClient(vera.key, "vera", Date.now() - 2 * DAY_MS),
    },
    "for servers": await stage.identities.server("vera"),
  };
  for (const [what, machine] of Object.entries(cases))
    expect(await renew(stage, machine), what).toBeUndefined();
  await stage.record(({ rule }) => rule === "not-renewable");
});

test("a client that takes all its places does not take those of another behind the same address", async () => {
  const { key, cert } = stage.person("vera");
  const held = [];
  for (let at = 0; at < 6; at++)
    held.push(await stage.connectWith({ ALPNProtocols: [RENEW_PROTOCOL], key, cert }));
  await stage.record(({ rule }) => rule === "not-renewable");
  expect(await renew(stage, stage.person("anna"))).toMatchObject({ name: "anna", generation: 1 });
  for (const wire of held) wire.destroy();
});

test("a certificate ends with the client's access", async () => {
  const end = Date.now() + 3 * DAY_MS;
  await stage.change("vera", { expires: new Date(end).toISOString() });
  const answer = await renew(stage, stage.person("vera"));
  const { validToDate } = new X509Certificate(`${answer?.["certificate"]}`);
  expect(Math.abs(validToDate.getTime() - end - DAY_MS)).toBeLessThan(60_000);
  await stage.change("vera", { expires: new Date(Date.now() - 1000).toISOString() });
  expect(await renew(stage, stage.person("vera"))).toEqual(refused(/access has ended/));
});

test("while certificates are renewed, no request fails", async () => {
  let vera: { key: string; cert: string } = stage.person("vera");
  const stop = { now: false };
  const failed: string[] = [];
  let served = 0;
  const load = async () => {
    while (!stop.now) {
      const wire = await stage.connectWith(vera);
      wire.send("GET /tetherdock/v1/status HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      const text = await wire.rest();
      // A viewer's answer of the admin API: a whole answer, by the gateway itself.
      if (/^HTTP\/1.1 403 .*only clients with the role admin/s.test(text)) served++;
      else failed.push(text);
    }
  };
  const running = [load(), load(), load()];
  for (let generation = 1; generation <= 20; generation++) vera = await renewed(stage, vera);
  stop.now = true;
  await Promise.all(running);
  expect(failed).toEqual([]);
  expect(served).toBeGreaterThan(20);
});

test("a client of the host's fleet is not renewed here: no other host would know of it", async () => {
  const eve = await stage.identities.client("eve");
  const clients = [fleetClient("eve", { fingerprint: eve.fingerprint })];
  const anna = await stage.connect();
  await call(anna, "PUT", "fleet", signNext(null, makeOperator(), fleetList({ clients })));
  anna.destroy();
  expect(await stateOf("eve")).toBe("active");
  expect(await renew(stage, eve)).toEqual({
    ...refused(/ask its operator to run: tetherdock fleet client renew eve/),
    isOfFleet: true,
  });
  await stage.record(({ rule, client }) => rule === "renew-fleet-client" && client === "eve");
});
