/** Joining by invitation: one key, once, in time; a stranger gets nothing else. */
import { readFile, stat } from "node:fs/promises";
import { join as pathOf } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readCertificate } from "../../src/pki/index.ts";
import { call } from "./support/call.ts";
import { ask } from "./support/fake-docker.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make();
});
afterEach(() => stage.end());

test("an invited machine joins with its own key, and docker's requests are served by its role", async () => {
  const [token, bob] = [secret(), await newMachine()];
  expect(await invite(stage, "bob@desk", token)).toMatchObject({
    status: 200,
    value: { name: "bob@desk", role: "viewer", expires: null, until: expect.any(String) },
  });
  const answer = await join(stage, bob, token);
  expect(answer).toEqual({
    name: "bob@desk",
    role: "viewer",
    expires: null,
    certificate: expect.stringContaining("BEGIN CERTIFICATE"),
  });
  const cert = `${answer?.["certificate"]}`;
  expect(readCertificate(cert)).toMatchObject({
    publicKeyFingerprint: bob.fingerprint,
    usages: ["clientAuth"],
    isAuthority: false,
    names: [],
    subject: "CN=bob@desk",
  });
  const { client } = await stage.asked(ask("/containers/json"), { ...bob, cert });
  client.destroy();
  const other = await stage.connect({ ...bob, cert });
  other.send(ask("/containers/create", "POST", "Content-Length: 0\r\n"));
  expect(await other.sees(/\r\n\r\n.*\}/s)).toContain("viewer");
  const anna = await stage.connect();
  const { value } = await call(anna, "GET", "clients");
  expect(value).toMatchObject({
    clients: expect.arrayContaining([
      { name: "bob@desk", role: "viewer", fingerprint: bob.fingerprint, state: "active", expires: null },
    ]),
    invitations: [],
  });
  await stage.record(({ rule, client, fingerprint }) => {
    return rule === "client-joined" && client === "bob@desk" && fingerprint === bob.fingerprint;
  });
});

test("nothing on the host has the token, and only the gateway's user can read what is there", async () => {
  const token = secret();
  await invite(stage, "bob@desk", token);
  for (const name of ["invitations.json", "issuing-ca.json"]) {
    const path = pathOf(stage.folder, name);
    expect((await stat(path)).mode & 0o777, name).toBe(0o600);
    const text = await readFile(path, "utf8");
    for (const form of ["base64url", "base64", "hex"] as const)
      expect(text).not.toContain(token.toString(form));
  }
  expect(JSON.stringify(await stage.records())).not.toContain(token.toString("base64url"));
});
