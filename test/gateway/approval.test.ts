/** Joining with a key that an admin approves: nothing on the host signs, and a stolen token is of no use. */
import { readdir } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { proofKey, requestProof, secretHash, shownSecret } from "../../src/identity/index.ts";
import { publicKeyOf, readCertificate } from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { invite, knock, newMachine, secret } from "./support/joining.ts";
import { renew } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make({ config: { issuingCa: false } });
});
afterEach(() => stage.end());

/** anna invites; the gateway gets the hash of what it will be shown. */
const inviteToAsk = (name: string, token: Buffer, more: object = {}) =>
  invite(stage, name, token, { hash: secretHash(shownSecret(token)), approve: true, ...more });

interface Sent {
  readonly secret: Buffer;
  readonly proof: string | null;
}

const sentBy = ({ fingerprint }: Identity, token: Buffer): Sent => ({
  secret: shownSecret(token),
  proof: requestProof(proofKey(token), fingerprint),
});

async function joinWith(machine: Identity, { secret: shown, proof }: Sent) {
  const wire = await knock(stage, machine);
  wire.send(`${JSON.stringify({ secret: shown.toString("base64url"), ...(proof !== null && { proof }) })}\n`);
  const text = await wire.rest();
  wire.destroy();
  return JSON.parse(text) as Record<string, unknown>;
}
const join = (machine: Identity, token: Buffer) => joinWith(machine, sentBy(machine, token));

async function asAnna(method: string, path: string, body?: object) {
  const anna = await stage.connect();
  const answer = await call(anna, method, path, body);
  anna.destroy();
  return answer;
}

const signed = ({ key }: Pick<Identity, "key">, until = Date.now() + 86_400_000) =>
  stage.identities.signed(publicKeyOf(key), until);

const approve = (name: string, { fingerprint }: Identity, certificate: string, more: object = {}) =>
  asAnna("PUT", `approvals/${name}`, { fingerprint, role: "viewer", expires: null, certificate, ...more });

const listed = async (name: string) => {
  const { value } = await asAnna("GET", "clients");
  const { clients, invitations } = value as Record<"clients" | "invitations", readonly { name: string }[]>;
  return [clients, invitations].map((list) => list.find((one) => one.name === name));
};

const hasCa = async () => (await readdir(stage.folder)).includes("issuing-ca.json");

test("a key waits, is approved, and gets in with the certificate of the line's CA; the host has no CA", async () => {
  const [token, bob] = [secret(), await newMachine()];
  expect(await inviteToAsk("bob", token)).toMatchObject({ status: 200, value: { approve: true } });
  expect(await asAnna("GET", "approvals/bob")).toMatchObject({ status: 200, value: { request: null } });
  const waiting = { waiting: "bob", until: expect.any(String) };
  expect(await join(bob, token)).toEqual(waiting);
  expect(await join(bob, token)).toEqual(waiting);
  expect(await listed("bob")).toEqual([
    undefined,
    expect.objectContaining({ state: "waiting", fingerprint: bob.fingerprint }),
  ]);
  const { value } = await asAnna("GET", "approvals/bob");
  expect(value).toMatchObject({
    request: { publicKey: publicKeyOf(bob.key), proof: requestProof(proofKey(token), bob.fingerprint) },
  });
  const early = await stage.connectWith({ ...bob });
  expect(await early.rest()).toBe("");

  const cert = await signed(bob);
  expect(await approve("bob", bob, cert)).toMatchObject({ status: 200 });
  expect(await listed("bob")).toEqual([undefined, expect.objectContaining({ state: "approved" })]);
  expect(await join(bob, token)).toEqual({ name: "bob", role: "viewer", expires: null, certificate: cert });
  const { client } = await stage.asked(ask("/containers/json"), { ...bob, cert });
  client.destroy();
  expect(await listed("bob")).toEqual([
    expect.objectContaining({ fingerprint: bob.fingerprint, state: "active" }),
    undefined,
  ]);
  expect(await hasCa()).toBe(false);
  const rules = (await stage.records()).map(({ rule }) => rule);
  for (const rule of ["client-invited", "client-asked", "client-approved", "client-joined"])
    expect(rules.filter((one) => one === rule)).toHaveLength(1);
});

test("a token stolen and used by another key is refused, before and after the approval", async () => {
  const [token, bob, eve] = [secret(), await newMachine(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  const refused = { refused: expect.stringContaining("another machine has used"), retry: false };
  expect(await join(eve, token)).toEqual(refused);
  expect(await approve("bob", eve, await signed(eve))).toMatchObject({ status: 409 });
  expect(await approve("bob", bob, await signed(bob))).toMatchObject({ status: 200 });
  expect(await join(eve, token)).toEqual(refused);
  expect(await join(bob, token)).toHaveProperty("certificate");
});

test.each<[string, (bob: Identity, eve: Identity) => Promise<[string, object]>]>([
  ["for another key", async (_bob, eve) => [await signed(eve), {}]],
  ["of a CA", async () => [stage.identities.ca, {}]],
  ["of another CA", async ({ cert }) => [cert, {}]],
  ["that is none", async () => ["-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", {}]],
  ["that has expired", async (bob) => [await signed(bob, Date.now() - 1000), {}]],
  ["with another role", async (bob) => [await signed(bob), { role: "admin" }]],
  ["with another end", async (bob) => [await signed(bob), { expires: "2099-01-01T00:00:00Z" }]],
])("a certificate %s is not taken", async (_what, make) => {
  const [token, bob, eve] = [secret(), await newMachine(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  const [certificate, more] = await make(bob, eve);
  expect(await approve("bob", bob, certificate, more)).toMatchObject({ status: 409 });
  expect(await join(bob, token)).toHaveProperty("waiting");
});

test("of two approvals at once the first counts; both are told that it is done", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  const certificates = await Promise.all([signed(bob), signed(bob)]);
  const answers = await Promise.all(certificates.map((one) => approve("bob", bob, one)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const fetched = await Promise.all([join(bob, token), join(bob, token)]);
  const got = fetched.map(({ certificate }) => certificate);
  expect(got[0]).toBe(got[1]);
  expect(certificates).toContain(got[0]);
});

test("a denied request is over: the token and the key are of no use any more", async () => {
  const [token, bob] = [secret(), await newMachine()];
  // While none is open, a stranger gets no answer at all.
  await inviteToAsk("other", secret());
  await inviteToAsk("bob", token);
  await join(bob, token);
  expect(await asAnna("DELETE", "clients/bob")).toMatchObject({ status: 200 });
  expect(await join(bob, token)).toMatchObject({ refused: expect.stringContaining("taken back") });
  expect(await approve("bob", bob, await signed(bob))).toMatchObject({ status: 409 });
  expect(await listed("bob")).toEqual([undefined, undefined]);
});

test("whoever is revoked between approval and fetching does not get in", async () => {
  const [token, bob] = [secret(), await newMachine()];
  // While none is open, a stranger gets no answer at all.
  await inviteToAsk("other", secret());
  await inviteToAsk("bob", token);
  await join(bob, token);
  await approve("bob", bob, await signed(bob));
  await asAnna("POST", "clients/bob/revoke");
  expect(await join(bob, token)).toHaveProperty("refused");
});

test("an admin is told who waits, a viewer is not", async () => {
  const [bob, token] = [await newMachine(), secret()];
  const waiting = async (who: string) =>
    (await call(await stage.connect(who), "GET", "self")).value["waiting"];
  await inviteToAsk("bob@desk", token);
  expect(await waiting("anna")).toEqual([]);
  await join(bob, token);
  expect([await waiting("anna"), await waiting("vera")]).toEqual([["bob@desk"], null]);
  await approve("bob@desk", bob, await signed(bob));
  expect(await waiting("anna")).toEqual([]);
});

test("a viewer cannot approve, and cannot see what waits", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  const vera = await stage.connect("vera");
  expect(await call(vera, "GET", "approvals/bob")).toMatchObject({ status: 403 });
  expect(
    await call(vera, "PUT", "approvals/bob", {
      ...{ fingerprint: bob.fingerprint, role: "viewer", expires: null },
      certificate: await signed(bob),
    }),
  ).toMatchObject({ status: 403 });
});

test("a token of one kind is no token of the other, and an expired one is none", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await inviteToAsk("bob", token);
  expect(await joinWith(bob, { secret: token, proof: null })).toMatchObject({
    refused: expect.stringContaining("not known here"),
  });
  const shown = { secret: shownSecret(token), proof: null };
  expect(await joinWith(bob, shown)).toMatchObject({ refused: expect.stringContaining("does not fit") });
  expect(await listed("bob")).toEqual([undefined, expect.objectContaining({ state: "invited" })]);
  const late = secret();
  await inviteToAsk("late", late, { forMs: 1 });
  await expect.poll(() => join(bob, late)).toMatchObject({ refused: expect.any(String), retry: false });
});

test("a request that asks for more, or is huge, is none", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await inviteToAsk("bob", token);
  const { secret: shown, proof } = sentBy(bob, token);
  const request = { secret: shown.toString("base64url"), proof };
  for (const more of [{ ca: true }, { names: ["vps.example"] }, { name: "anna" }, { pad: "x".repeat(600) }]) {
    const wire = await knock(stage, bob);
    wire.send(`${JSON.stringify({ ...request, ...more })}\n`);
    expect(JSON.parse(await wire.rest())).toMatchObject({ refused: "this is not a request to join" });
  }
  expect(await asAnna("GET", "approvals/bob")).toMatchObject({ value: { request: null } });
});

test("an approved client renews with what an admin has signed for its key, and nothing else", async () => {
  const [token, bob, eve] = [secret(), await newMachine(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  await approve("bob", bob, await signed(bob));
  const cert = `${(await join(bob, token))["certificate"]}`;
  const first = { key: bob.key, cert };
  const none = { refused: expect.stringContaining("client approve bob"), retry: false };
  expect(await renew(stage, first)).toMatchObject(none);
  const keep = async (certificate: string) => asAnna("PUT", "renewals/bob", { certificate });
  const wrong = [await signed(eve), stage.identities.ca, eve.cert, await signed(bob, Date.now() - 1000)];
  for (const certificate of wrong) expect(await keep(certificate)).toMatchObject({ status: 409 });
  expect(await renew(stage, first)).toMatchObject(none);

  const next = await signed(bob, Date.now() + 2 * 86_400_000);
  expect(await keep(next)).toMatchObject({ status: 200 });
  expect(await renew(stage, first)).toMatchObject({ certificate: next, generation: 1 });
  const second = { key: bob.key, cert: next };
  expect(await renew(stage, second)).toMatchObject(none);
  const { client } = await stage.asked(ask("/containers/json"), { ...bob, cert: next });
  client.destroy();
  // Whoever is left behind with the first certificate has a copy of the key.
  expect(await renew(stage, first)).toMatchObject({ refused: expect.stringContaining("in two places") });
  expect(await hasCa()).toBe(false);
  await asAnna("DELETE", "clients/bob");
  expect(await keep(next)).toMatchObject({ status: 409 });
  expect(await readdir(`${stage.folder}/renewals`)).toEqual([]);
});

test("what waits outlives a restart", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await inviteToAsk("bob", token);
  await join(bob, token);
  await stage.running?.stop();
  await stage.start();
  expect(await join(bob, token)).toHaveProperty("waiting");
  await approve("bob", bob, await signed(bob));
  await stage.running?.stop();
  await stage.start();
  expect(await join(bob, token)).toHaveProperty("certificate");
});

test("without a CA of its own the gateway makes none: not for an invitation, a job or a renewal", async () => {
  const token = secret();
  const no = { status: 409, value: { message: expect.stringContaining("no CA of its own") } };
  expect(await invite(stage, "bob", token)).toMatchObject(no);
  expect(
    await asAnna("PUT", "oidc/ci", {
      ...{ role: "viewer", expires: null, issuer: "https://issuer.example", audience: "a" },
      ...{ claims: { repository: "org/app" }, lifeMs: 600_000, ca: null },
    }),
  ).toMatchObject(no);
  expect(await hasCa()).toBe(false);
});

test("what the gateway has let in with its own CA is shut out while it may have none", async () => {
  await stage.takenOver("a CA of the gateway's own is allowed", () =>
    stage.write("gateway.json", JSON.stringify({ ...stage.config(), issuingCa: true })),
  );
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob", token);
  const joined = await joinWith(bob, { secret: token, proof: null });
  const cert = `${joined["certificate"]}`;
  expect(readCertificate(cert).publicKeyFingerprint).toBe(bob.fingerprint);
  const works = async () => {
    const wire = await stage.connect({ ...bob, cert });
    wire.send("GET /tetherdock/v1/status HTTP/1.1\r\nHost: a\r\n\r\n");
    return (await wire.sees(/HTTP\/1.1 \d+/).catch(() => "")) !== "";
  };
  expect(await works()).toBe(true);
  await stage.takenOver("the certificates", () =>
    stage.write("gateway.json", JSON.stringify(stage.config())),
  );
  expect(await works()).toBe(false);
});
