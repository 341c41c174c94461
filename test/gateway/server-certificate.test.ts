/** An admin sends a new server certificate: what is taken, and that nobody notices but new connections. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCertificate } from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Identities } from "./support/identities.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
  stage.docker.answerAll(answer(200, "OK"));
});
afterEach(() => stage.end());

const file = (name: string) => readFile(join(stage.folder, name), "utf8");

async function put(certificate: unknown) {
  const anna = await stage.connect();
  const answered = await call(anna, "PUT", "certificate", { certificate });
  anna.destroy();
  return answered;
}

async function shown(): Promise<string> {
  const anna = await stage.connect();
  const { value } = await call(anna, "GET", "certificate");
  anna.destroy();
  return `${value["certificate"]}`;
}

/** The same key and names, a certificate that ends later. */
async function later(): Promise<string> {
  const [key, old] = [await file("server-key.pem"), await file("server-cert.pem")];
  return stage.identities.serverFor(key, readCertificate(old).names, Date.now() + 3_600_000 / 2);
}

test("a later certificate for the same key and names is shown to new connections; open ones go on", async () => {
  const kept = await stage.connect();
  const next = await later();
  expect(await put(next)).toMatchObject({ status: 200 });
  const { fingerprint } = readCertificate(next);
  expect(readCertificate(await shown()).fingerprint).toBe(fingerprint);
  const fresh = await stage.connect();
  const peer = (fresh.socket as TLSSocket).getPeerX509Certificate();
  expect(readCertificate(`${peer}`).fingerprint).toBe(fingerprint);
  for (const client of [kept, fresh]) {
    client.send(ask("/_ping"));
    await client.sees("\r\n\r\nOK");
  }
  await stage.record(({ rule, client }) => rule === "server-certificate" && client === "anna");
});

test("other keys, CAs, names, ends and texts are refused, and the old certificate stays", async () => {
  const before = await file("server-cert.pem");
  const { names } = readCertificate(before);
  const key = await file("server-key.pem");
  const soon = Date.now() + 3_600_000 / 2;
  const stranger = await Identities.make();
  const otherNames = [...names, { type: "dns", value: "more.test" } as const];
  for (const [sent, why] of [
    [(await stage.identities.server("docker.test")).cert, /another key/],
    [await stranger.serverFor(key, names, soon), /not of the line's CA/],
    [await stage.identities.serverFor(key, otherNames, soon), /names have changed/],
    [before, /does not end later/],
    [await stage.identities.serverFor(key, names, Date.now() + 7_200_000), /not valid now/],
    ["nothing", /cannot be read/],
  ] as const) {
    const { status, value } = await put(sent);
    expect([status, value["message"]]).toEqual([409, expect.stringMatching(why)]);
  }
  expect(await shown()).toBe(before);
});

test("a damaged file of ours is ignored, and a viewer may not replace the certificate", async () => {
  await writeFile(join(stage.folder, "renewed-server-cert.pem"), "half a fi");
  stage.gateway.hangUp();
  expect(await shown()).toBe(await file("server-cert.pem"));
  const vera = await stage.connectWith(stage.person("vera"));
  expect((await call(vera, "PUT", "certificate", { certificate: await later() })).status).toBe(403);
});
