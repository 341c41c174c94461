/** CI jobs: a token of a trusted issuer becomes a certificate of minutes, through a gateway that has no network. */

import { X509Certificate } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCertificate, validityOf } from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import type { Identity } from "./support/identities.ts";
import { Issuer, SigningKey } from "./support/issuer.ts";
import { exchange, trust } from "./support/jobs.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
let issuer: Issuer;
beforeEach(async () => {
  [stage, issuer] = await Promise.all([Stage.make(), Issuer.make()]);
});
afterEach(() => Promise.all([stage.end(), issuer.close()]));

/** Lets a job in. @returns what it connects with */
async function admitted(more: Parameters<typeof exchange>[2] = {}): Promise<Identity> {
  const answer = await exchange(stage, issuer.token(), more);
  if ("refused" in answer) throw new Error(answer.refused);
  return { ...answer.machine, cert: answer.certificate };
}

test("a job gets a certificate of minutes for its own key, and the client's role", async () => {
  expect(await trust(stage, issuer)).toMatchObject({ status: 200 });
  const answer = await exchange(stage, issuer.token());
  expect(answer).toMatchObject({ name: "ci", role: "viewer", expires: expect.any(String) });
  const cert = "certificate" in answer ? answer.certificate : "";
  expect(readCertificate(cert)).toMatchObject({
    ...{ publicKeyFingerprint: answer.machine.fingerprint, usages: ["clientAuth"], isAuthority: false },
    ...{ subject: "CN=ci", names: [] },
  });
  const lasts = validityOf(new X509Certificate(cert)).notAfter - Date.now();
  expect(lasts).toBeGreaterThan(590_000);
  expect(lasts).toBeLessThanOrEqual(601_000);
  const { client } = await stage.asked(ask("/containers/json"), { ...answer.machine, cert });
  client.destroy();
  const other = await stage.connect({ ...answer.machine, cert });
  other.send(ask("/containers/create", "POST", "Content-Length: 0\r\n"));
  expect(await other.sees(/\r\n\r\n.*\}/s)).toContain("viewer");
  const { fingerprint } = answer.machine;
  await stage.record(
    ({ rule, target, ...of }) =>
      rule === "job-admitted" && target.startsWith("repo:org/app:") && of.fingerprint === fingerprint,
  );
  await stage.record(
    (of) => of.operation === "ContainerCreate" && of.client === "ci" && of.fingerprint === fingerprint,
  );
});

test("a client of jobs keeps its name, because they log in by it", async () => {
  await trust(stage, issuer);
  const anna = await stage.connect();
  expect(await call(anna, "POST", "clients/ci/rename", { name: "build" })).toMatchObject({
    status: 409,
    value: { message: expect.stringContaining("ci is for CI jobs") },
  });
  await admitted();
});

test("the gateway fetches the keys once in ten minutes, and a new key of the issuer needs nobody", async () => {
  await trust(stage, issuer);
  await admitted();
  await admitted();
  expect(issuer.asked).toEqual(["/.well-known/openid-configuration", "/keys"]);
  issuer.keys = [new SigningKey("two", "RS256"), ...issuer.keys];
  await admitted();
  expect(issuer.asked).toHaveLength(4);
});

test("revoke cuts the connections of all jobs at once, and no more get in", async () => {
  await trust(stage, issuer);
  const jobs = await Promise.all([admitted(), admitted()]);
  const open = await Promise.all(jobs.map((job) => stage.asked(ask("/events"), job)));
  const anna = await stage.connect();
  const { value } = await call(anna, "POST", "clients/ci/revoke");
  expect(value).toMatchObject({ receipt: { cut: [{ client: "ci" }, { client: "ci" }], open: 0 } });
  await Promise.all(open.map(({ client }) => client.over));
  const again = await stage.connect(jobs[0] as Identity);
  again.send(ask("/_ping"));
  expect(await again.rest()).toMatch(/^HTTP\/1.1 403 /);
  await expect(exchange(stage, issuer.token())).rejects.toMatchObject({ code: "JOIN_REFUSED" });
});

test("rm ends the access of all jobs, and the same client added again does not revive it", async () => {
  await trust(stage, issuer);
  const job = await admitted();
  const anna = await stage.connect();
  expect(await call(anna, "DELETE", "clients/ci")).toMatchObject({ status: 200 });
  const isRefused = async () => {
    const wire = await stage.connect(job);
    wire.send(ask("/_ping"));
    expect(await wire.rest()).toMatch(/^HTTP\/1.1 403 /);
  };
  await isRefused();
  expect(await trust(stage, issuer, { role: "admin" })).toMatchObject({ status: 200 });
  await isRefused();
  await admitted();
});

test("a connection is cut when the job's time is over, before its certificate ends", async () => {
  await trust(stage, issuer);
  const job = await admitted();
  await stage.gateway.stop();
  const stored = JSON.parse(await readFile(pathOf(stage.folder, "oidc.json"), "utf8"));
  stored.passes[0].until = new Date(Date.now() + 4_000).toISOString();
  await stage.write("oidc.json", JSON.stringify(stored));
  await stage.start();
  const { client } = await stage.asked(ask("/events"), job);
  await client.over;
  await stage.record((of) => of.client === "ci" && JSON.stringify(of).includes("expired-client"));
});

test("a restart of the gateway keeps jobs, trusts and used tokens", async () => {
  await trust(stage, issuer);
  const token = issuer.token();
  const answer = await exchange(stage, token);
  const cert = "certificate" in answer ? answer.certificate : "";
  await stage.gateway.stop();
  await stage.start();
  const { client } = await stage.asked(ask("/containers/json"), { ...answer.machine, cert });
  client.destroy();
  expect(await exchange(stage, token)).toMatchObject({ refused: expect.stringMatching(/another key/) });
  await admitted();
});

test("the job whose answer was lost repeats its token; another key cannot", async () => {
  await trust(stage, issuer);
  const token = issuer.token();
  const first = await exchange(stage, token);
  const { machine } = first;
  expect(await exchange(stage, token, { machine })).toMatchObject({
    name: "ci",
    expires: "expires" in first && first.expires,
  });
  expect(await exchange(stage, token)).toMatchObject({
    refused: expect.stringMatching(/another key has used/),
  });
});

test("the file beside the client list has no token, and only the gateway's user can read it", async () => {
  await trust(stage, issuer);
  const token = issuer.token();
  await exchange(stage, token);
  const path = pathOf(stage.folder, "oidc.json");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  const told = (await readFile(path, "utf8")) + JSON.stringify(await stage.records());
  for (const part of token.split(".")) expect(told).not.toContain(part);
});

test("a client for jobs that would let in too many, or cannot work, is refused", async () => {
  const github = "https://token.actions.githubusercontent.com";
  const wrong: [object, RegExp][] = [
    [{ claims: {} }, /every job of the issuer/],
    [{ claims: { aud: "x" } }, /aud is checked anyway/],
    [{ issuer: "http://ci.example" }, /https/],
    [{ issuer: github, claims: { environment: "prod" } }, /repository, repository_id, sub/],
    [{ issuer: "https://gitlab.com", claims: { ref: "main" } }, /project_path/],
    [{ lifeMs: 172_800_000 }, /lifeMs/],
    [{ role: "king" }, /no role king/],
  ];
  for (const [more, problem] of wrong) {
    const { status, value } = await trust(stage, issuer, more);
    expect([status, value["message"]]).toEqual([400, expect.stringMatching(problem)]);
  }
  expect(await trust(stage, issuer, {}, "anna")).toMatchObject({ status: 409 });
});
