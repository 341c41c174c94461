/** An invitation: what the gateway gets of it, what the token holds, and what is refused before anything is sent. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { countingRandom } from "../../../test/support/app/counting-random.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryRecords } from "../../../test/support/app/memory-records.ts";
import { keepLine } from "../../../test/support/app/visit-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import { type Client, parseToken, proofKey, secretHash, shownSecret } from "../../identity/index.ts";
import { readCertificate } from "../../pki/index.ts";
import { inviteClient, type NewInvitation } from "./invite-client.ts";

const ANNA: Client = {
  ...{ name: "anna@laptop", fingerprint: "a".repeat(64), role: "admin", state: "active", expires: null },
};
const UNTIL = new Date(NOW + 1000).toISOString();

async function stage() {
  const gateway = new FakeGateway();
  gateway.clients.set(ANNA.name, ANNA);
  gateway.answers.set("roles", { roles: [{ version: 1, name: "web-team", extends: "deployer" }] });
  const path = "invitations/bob%40desk";
  gateway.answers.set(path, { name: "bob@desk", role: "viewer", expires: null, until: UNTIL });
  const lines = new MemoryLines();
  await keepLine(lines, { name: "web", address: "vps.example", port: 8443 });
  const ports = {
    lines,
    env: {},
    gateway,
    clock: () => NOW,
    warn: () => {},
    random: countingRandom(),
    records: new MemoryRecords(),
  };
  const invite = (over: Partial<NewInvitation> = {}) =>
    inviteClient(ports, {
      ...{
        line: undefined,
        name: "bob@desk",
        role: "viewer",
        expiresIn: undefined,
        forMs: DAY_MS,
        approve: false,
      },
      ...over,
    });
  return { invite, gateway, lines, path, records: ports.records };
}

test("the gateway gets the hash of the secret; the token has the secret, the CA and where the gateway is", async () => {
  const { invite, gateway, lines, path } = await stage();
  const { token, ...invitation } = await invite({ expiresIn: 5000 });
  expect(invitation).toEqual({
    name: "bob@desk",
    role: "viewer",
    expires: null,
    until: UNTIL,
    replaced: false,
  });
  const { secret, ...others } = parseToken(token);
  const { publicKeyFingerprint: caFingerprint } = readCertificate(
    await lines.readFile("web", "docker/ca.pem"),
  );
  expect(others).toEqual({ approval: false, caFingerprint, address: "vps.example", port: 8443, line: "web" });
  const expires = new Date(NOW + 5000).toISOString();
  expect(gateway.bodies).toEqual([{ hash: secretHash(secret), role: "viewer", expires, forMs: DAY_MS }]);
  expect(gateway.calls.at(-1)).toEqual({ line: "web", method: "PUT", path });
});

test("an invitation that takes the place of an open one says so", async () => {
  const { invite, gateway } = await stage();
  const open = { role: "viewer", expires: null, until: UNTIL, state: "invited", fingerprint: null } as const;
  gateway.invitations = [{ name: "eve@desk", ...open }];
  expect((await invite()).replaced).toBe(false);
  gateway.invitations = [{ name: "bob@desk", ...open }];
  expect((await invite()).replaced).toBe(true);
});

test("each invitation has a secret of its own; without --expires access ends with the certificate", async () => {
  const { invite, gateway } = await stage();
  const secrets = [await invite(), await invite()].map(({ token }) => parseToken(token).secret);
  expect(secrets[0]).not.toEqual(secrets[1]);
  expect(gateway.bodies).toMatchObject([{ expires: null }, { expires: null }]);
});

test("it lasts at most a day", async () => {
  const { invite, gateway } = await stage();
  expect(await failureOf(invite({ forMs: DAY_MS + 1 }))).toMatchObject({
    ...{ code: "USAGE", message: "an invitation lasts at most 24h (--for)" },
    hints: ["tetherdock client invite bob@desk --for 24h"],
  });
  expect(gateway.calls).toEqual([]);
});

test("a name that is taken and an unknown role are refused, and nothing is sent", async () => {
  const { invite, gateway } = await stage();
  expect(await failureOf(invite({ name: ANNA.name }))).toMatchObject({ code: "CLIENT_EXISTS" });
  expect(await failureOf(invite({ role: "web-taem" }))).toMatchObject({
    code: "ROLE_UNKNOWN",
    hints: [
      "tetherdock client invite bob@desk --role web-team --line web",
      "tetherdock policy ls --line web",
    ],
  });
  expect(gateway.bodies).toEqual([]);
  await invite({ role: "web-team" });
  expect(gateway.bodies).toMatchObject([{ role: "web-team" }]);
});

test("with --approve the gateway gets the hash of what it is shown, and this machine keeps what it has agreed to", async () => {
  const { invite, gateway, records } = await stage();
  const token = parseToken((await invite({ approve: true, expiresIn: 5000 })).token);
  expect(token.approval).toBe(true);
  const hash = secretHash(shownSecret(token.secret));
  const expires = new Date(NOW + 5000).toISOString();
  expect(gateway.bodies).toEqual([{ hash, role: "viewer", expires, forMs: DAY_MS, approve: true }]);
  const kept = JSON.parse(records.texts.get("web bob@desk") ?? "");
  expect(kept).toEqual({
    ...{ version: 1, name: "bob@desk", role: "viewer", expires },
    proofKey: proofKey(token.secret).toString("hex"),
    until: new Date(NOW + 8 * DAY_MS).toISOString(),
  });
  expect(JSON.stringify(kept)).not.toContain(token.secret.toString("hex"));
});

test("if the gateway refuses, the record of the invitation that is still in force stays", async () => {
  const { invite, gateway, records } = await stage();
  await invite({ approve: true });
  const before = records.texts.get("web bob@desk");
  gateway.refusal = new TetherdockError("GATEWAY_REFUSED", "the gateway refused");
  expect(await failureOf(invite({ approve: true }))).toMatchObject({ code: "GATEWAY_REFUSED" });
  expect(records.texts.get("web bob@desk")).toBe(before);
});
