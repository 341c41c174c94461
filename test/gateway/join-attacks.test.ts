/** What does not let anybody join: wrong, old, stolen and repeated tokens, and whatever is no request to join. */
import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { JOIN_PROTOCOL } from "../../src/gateway/index.ts";
import { secretHash } from "../../src/identity/index.ts";
import { makeAuthority } from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import { Identities } from "./support/identities.ts";
import { invite, join, knock, newMachine, secret } from "./support/joining.ts";
import { renew } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
});
afterEach(() => stage.end());

const refused = (text: RegExp, retry = false) => ({ refused: expect.stringMatching(text), retry });

async function clients(): Promise<{ name: string; role: string; state: string }[]> {
  const anna = await stage.connect();
  const { value } = await call(anna, "GET", "clients");
  anna.destroy();
  return value["clients"] as { name: string; role: string; state: string }[];
}

const isListed = async (name: string) => (await clients()).some((one) => one.name === name);

const knownAs = (name: string) => ({ fingerprint: stage.person(name).fingerprint });

/** A TLS connection that offers the protocol. @returns what came before it was closed */
async function offer(more: object = {}): Promise<string> {
  const wire = await stage.connectWith({ ALPNProtocols: [JOIN_PROTOCOL], ...more });
  return wire.rest();
}

test("while no invitation is open, a stranger gets no byte, whatever protocol it offers", async () => {
  const mallory = await newMachine();
  for (const ALPNProtocols of [[JOIN_PROTOCOL], ["http/1.1"], []])
    for (const identity of [{}, mallory]) {
      const wire = await stage.connectWith({ ALPNProtocols, ...identity });
      wire.send(ask("/_ping"));
      expect(await wire.rest()).toBe("");
    }
  await stage.record(({ rule, decision }) => rule === "no-invitation" && decision === "refuse");
});

test("while an invitation is open, a stranger that speaks HTTP still gets no byte", async () => {
  await invite(stage, "bob@desk", secret());
  const mallory = await newMachine();
  for (const identity of [{}, mallory])
    for (const ALPNProtocols of [["http/1.1"], []]) {
      const wire = await stage.connectWith({ ALPNProtocols, ...identity });
      wire.send(ask("/_ping"));
      expect(await wire.rest()).toBe("");
    }
  const wire = await knock(stage, mallory);
  wire.send(ask("/_ping"));
  expect(JSON.parse(await wire.rest())).toEqual(refused(/not a request to join/));
});

test("of many machines that show one token at once, one gets in", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const machines = await Promise.all(Array.from({ length: 12 }, () => newMachine()));
  const answers = await Promise.all(
    machines.map((machine, index) =>
      join(stage, machine, token, { localAddress: `127.1.0.${index + 1}` }).catch(() => undefined),
    ),
  );
  const won = answers.filter((answer) => answer !== undefined && "certificate" in answer);
  expect(won).toHaveLength(1);
  for (const answer of answers.filter((one) => one !== won[0]))
    expect(answer).toEqual(refused(/another machine has used this invitation/));
  expect((await clients()).filter(({ name }) => name === "bob@desk")).toHaveLength(1);
  await stage.record(({ rule, client }) => rule === "used-token" && client === "bob@desk");
});

test("the machine that used a token may repeat it, because the answer can get lost; no other may", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob@desk", token);
  const wire = await knock(stage, bob);
  wire.send(`${JSON.stringify({ secret: token.toString("base64url") })}\n`).destroy();
  await expect.poll(() => isListed("bob@desk")).toBe(true);
  expect(await join(stage, bob, token)).toMatchObject({ name: "bob@desk" });
  expect(await join(stage, await newMachine(), token)).toEqual(refused(/another machine/));
  const stored = await readFile(pathOf(stage.folder, "invitations.json"), "utf8");
  expect(JSON.parse(stored).invitations).toMatchObject([{ usedBy: bob.fingerprint }]);
});

test("a token outlives a restart of the gateway, and its end", async () => {
  const [token, late] = [secret(), secret()];
  await invite(stage, "bob@desk", token);
  await invite(stage, "eve@desk", late, { forMs: 1 });
  await stage.gateway.stop();
  await stage.start();
  expect(await join(stage, await newMachine(), token)).toMatchObject({ name: "bob@desk" });
  expect(await join(stage, await newMachine(), late)).toEqual(refused(/has expired|not known/));
  expect(await isListed("eve@desk")).toBe(false);
});

test("a token of another gateway is unknown here", async () => {
  const other = await Stage.make();
  const token = secret();
  await invite(other, "bob@desk", token);
  await other.end();
  await invite(stage, "vic@desk", secret());
  expect(await join(stage, await newMachine(), token)).toEqual(refused(/not known here/));
});

test("guesses take a second each, are answered a few times a minute, and are recorded within bounds", async () => {
  await invite(stage, "bob@desk", secret());
  const mallory = await newMachine();
  const start = performance.now();
  expect(await join(stage, mallory, secret())).toEqual(refused(/not known here/));
  expect(performance.now() - start).toBeGreaterThan(700);
  const answers: unknown[] = [];
  for (let round = 0; round < 12; round++)
    answers.push(
      ...(await Promise.all([0, 1, 2].map(() => join(stage, mallory, secret()).catch(() => undefined)))),
    );
  expect(answers.filter((answer) => answer !== undefined).length).toBeLessThanOrEqual(6);
  const records = (await stage.records()).filter(({ rule }) => rule === "unknown-token");
  expect(records.length).toBeGreaterThan(0);
  expect(records.length).toBeLessThanOrEqual(21);
  expect(await clients()).toHaveLength(2);
});

test("guessing from one network does not keep another from joining", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const mallory = await newMachine();
  const guesses = Array.from({ length: 40 }, (_, index) =>
    join(stage, mallory, secret(), { localAddress: `127.2.0.${(index % 12) + 1}` }).catch(() => undefined),
  );
  expect(await join(stage, await newMachine(), token)).toMatchObject({ name: "bob@desk" });
  await Promise.all(guesses);
});

test("a token that rm took back, or that a second invitation replaced, does not work", async () => {
  const [first, second] = [secret(), secret()];
  await invite(stage, "bob@desk", first);
  await invite(stage, "bob@desk", second);
  await invite(stage, "vic@desk", secret());
  expect(await join(stage, await newMachine(), first)).toEqual(refused(/not known here/));
  const anna = await stage.connect();
  expect(await call(anna, "DELETE", "clients/bob%40desk")).toMatchObject({ status: 200 });
  expect(await join(stage, await newMachine(), second)).toEqual(refused(/not known here/));
  await stage.record(({ rule, target }) => rule === "invitation-taken-back" && target === "bob@desk");
});

test("an admin who is revoked does not come back by an invitation of their own; a restored one's works", async () => {
  const [anna, token] = [await stage.connect(), secret()];
  expect(await call(anna, "POST", "clients/vera/role", { role: "admin" })).toMatchObject({ status: 200 });
  const vera = await stage.connect("vera");
  const asked = { hash: secretHash(token), role: "admin", expires: null, forMs: 60_000 };
  expect(await call(vera, "PUT", "invitations/back%40desk", asked)).toMatchObject({ status: 200 });
  expect(await call(anna, "POST", "clients/vera/revoke")).toMatchObject({ status: 200 });
  expect(await join(stage, await newMachine(), token)).toEqual(refused(/is no longer an admin here/));
  expect(await isListed("back@desk")).toBe(false);
  await stage.record(({ rule, client }) => rule === "inviter-out" && client === "back@desk");
  expect(await call(anna, "POST", "clients/vera/restore")).toMatchObject({ status: 200 });
  expect(await join(stage, await newMachine(), token)).toMatchObject({ name: "back@desk" });
});

test.each(["revoke", "rm"])("after %s, a used token does not let its machine in again", async (what) => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob@desk", token);
  await invite(stage, "vic@desk", secret());
  expect(await join(stage, bob, token)).toMatchObject({ name: "bob@desk" });
  const anna = await stage.connect();
  const done =
    what === "rm"
      ? await call(anna, "DELETE", "clients/bob%40desk")
      : await call(anna, "POST", "clients/bob%40desk/revoke");
  expect(done).toMatchObject({ status: 200 });
  expect(await join(stage, bob, token)).toEqual(refused(/not known here/));
  expect((await clients()).filter(({ name, state }) => name === "bob@desk" && state === "active")).toEqual(
    [],
  );
});

test("a machine that is revoked while it joins ends up without access, whichever came first", async () => {
  for (let round = 0; round < 5; round++) {
    const [token, bob, name] = [secret(), await newMachine(), `bob${round}`];
    await invite(stage, name, token);
    const anna = await stage.connect();
    const [, removed] = await Promise.all([
      join(stage, bob, token, { localAddress: `127.3.0.${round + 1}` }).catch(() => undefined),
      call(anna, "DELETE", `clients/${name}`),
    ]);
    expect(removed).toMatchObject({ status: 200 });
    expect(await isListed(name)).toBe(false);
  }
});

test("the joiner chooses neither name, nor role, nor what its certificate says", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const authority = await makeAuthority({ subject: "admin", now: Date.now() });
  const greedy = { key: authority.privateKey, cert: authority.certificate };
  const wire = await knock(stage, greedy);
  const body = { secret: token.toString("base64url"), name: "anna", role: "admin" };
  wire.send(`${JSON.stringify(body)}\n`);
  expect(JSON.parse(await wire.rest())).toEqual(refused(/not a request to join/));
  const answer = await join(stage, greedy, token);
  const issued = new X509Certificate(`${answer?.["certificate"]}`);
  expect(answer).toMatchObject({ name: "bob@desk", role: "viewer" });
  expect(issued).toMatchObject({ ca: false, subject: "CN=bob@desk", keyUsage: ["1.3.6.1.5.5.7.3.2"] });
});

test.each([
  ["an RSA key", "rsa"],
  ["a key on another curve", "secp384r1"],
])("%s cannot join", async (_what, kind) => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  const keys = kind === "rsa" ? ["rsa:2048"] : ["ec", "-pkeyopt", `ec_paramgen_curve:${kind}`];
  const made = execFileSync(
    "openssl",
    ["req", "-x509", "-nodes", "-newkey", ...keys, "-subj", "/CN=x", "-keyout", "-", "-out", "-"],
    { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  expect(await join(stage, { key: made, cert: made }, token)).toEqual(refused(/P-256/));
  expect(await join(stage, null, token)).toEqual(refused(/P-256/));
  expect(await join(stage, await newMachine(), token)).toMatchObject({ name: "bob@desk" });
});

test("a key that is on the list, or a name that somebody took meanwhile, is refused", async () => {
  const [one, two] = [secret(), secret()];
  await invite(stage, "bob@desk", one);
  expect(await join(stage, stage.person("vera"), one)).toEqual(refused(/already belongs to vera/));
  await invite(stage, "vic@desk", two);
  const anna = await stage.connect();
  const taken = {
    name: "vic@desk",
    fingerprint: "a".repeat(64),
    role: "admin",
    state: "active",
    expires: null,
  };
  await call(anna, "PUT", "clients/vic%40desk", taken);
  expect(await join(stage, await newMachine(), two)).toEqual(refused(/already a client vic@desk/));
  expect((await clients()).find(({ name }) => name === "vera")).toMatchObject({ role: "viewer" });
  expect(await invite(stage, "vera", secret())).toMatchObject({ status: 409 });
});

test.each([
  ["endless", "x".repeat(4_096)],
  ["no JSON", "hello\n"],
  ["a short secret", '{"secret":"abcd"}\n'],
  ["two requests", `${JSON.stringify({ secret: "A".repeat(43) })}\n${"x".repeat(600)}`],
])("%s is no request to join", async (_what, text) => {
  await invite(stage, "bob@desk", secret());
  const wire = await knock(stage, await newMachine());
  wire.send(text);
  expect(JSON.parse(await wire.rest())).toEqual(refused(/not a request to join/));
});

test("a connection that sends nothing is closed after ten seconds, and few from one network wait at a time", async () => {
  await invite(stage, "bob@desk", secret());
  const wires = await Promise.all([1, 2, 3, 4].map(() => knock(stage, { localAddress: "127.4.0.1" })));
  expect(await offer({ localAddress: "127.4.0.1" })).toBe("");
  await vi.waitFor(() => Promise.all(wires.map(({ over }) => over)), { timeout: 15_000 });
});

test("a certificate of the gateway's own CA does not let in anybody who is not on the list", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob@desk", token);
  const stored = JSON.parse(await readFile(pathOf(stage.folder, "issuing-ca.json"), "utf8"));
  const issuing = await Identities.of(stored);
  const thief = await issuing.client("anna");
  const wire = await stage.connect(thief);
  wire.send(ask("/_ping"));
  expect(await wire.rest()).toMatch(/^HTTP\/1.1 403 .*not on this host's list/s);
  const server = await issuing.server("docker.test");
  await stage.useServer(server);
  await expect.poll(() => stage.gateway.lines.join("\n")).toMatch(/not of this CA/);
  expect(await join(stage, bob, token)).toMatchObject({ name: "bob@desk" });
});

test("a certificate of one line is a stranger's on another, even for a key that both know", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob@desk", token);
  const joined = { ...bob, cert: `${(await join(stage, bob, token))?.["certificate"]}` };
  const other = await Stage.make();
  const { fingerprint } = bob;
  const client = { name: "bob@desk", fingerprint, role: "admin", state: "active", expires: null } as const;
  await other.setList([...other.list, client, { ...client, name: "anna@a", ...knownAs("anna") }]);
  // The gateway's own CA has signed for bob, the line's CA for anna.
  for (const foreign of [joined, stage.person("anna")]) {
    const wire = await other.connect(foreign);
    wire.send(ask("/_ping"));
    expect(await wire.rest()).toBe("");
    expect(await renew(other, foreign)).toBeUndefined();
  }
  await other.end();
});

test("after the line's CA was replaced, the gateway's own CA from before lets nobody in", async () => {
  const [token, bob] = [secret(), await newMachine()];
  await invite(stage, "bob@desk", token);
  const cert = `${(await join(stage, bob, token))?.["certificate"]}`;
  const next = await Identities.make();
  await stage.gateway.stop();
  await stage.write("ca.pem", next.ca);
  await stage.useServer(await next.server("docker.test"));
  await stage.start();
  const wire = await stage.connectWith({ ...bob, cert, ca: next.ca });
  wire.send(ask("/_ping"));
  expect(await wire.rest()).toBe("");
});
