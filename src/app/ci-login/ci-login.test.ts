/** What `ci-login` keeps, sends and refuses, whatever the gateway answers. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { ISSUING, joinStage, LINE_CA, type Redeem, signFor } from "../../../test/support/app/joining.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { makeAuthority, makeKeyPair, readCertificate } from "../../pki/index.ts";
import { type CiLogin, ciLogin } from "./ci-login.ts";

const other = await makeAuthority({ subject: "line", now: NOW });
const WANTED: CiLogin = {
  endpoint: { host: "vps.example", port: 2376 },
  pins: [readCertificate(LINE_CA).fingerprint],
  client: "ci",
  name: "ci",
};

const sign = (key: string) => signFor(key, "ci", 600_000);
const letIn: Redeem = async ({ key }) => ({
  ...{ name: "ci", role: "deployer", expires: "2026-01-01T00:10:00.000Z", certificate: await sign(key) },
});

function stage(redeem = letIn, shown = LINE_CA) {
  const { ports, lines, sent, state } = joinStage<object>(redeem, shown);
  let pauses = 0;
  const pause = async () => void pauses++;
  const more = { token: async () => "t.o.k", pause };
  return { ports: { ...ports, ...more }, lines, sent, state, pauses: () => pauses };
}

test("the line is kept with the key that was made here", async () => {
  const { ports, lines, sent } = stage();
  expect(await ciLogin(ports, WANTED)).toMatchObject({
    ...{ line: "ci", address: "vps.example:2376", client: "ci", role: "deployer" },
  });
  expect(await lines.read("ci")).toMatchObject({ joined: true, job: true, mode: "gateway", port: 2376 });
  expect(lines.kept.get("ci")?.get("docker/key.pem")).toBe(sent[0]?.credential.key);
  expect(sent[0]?.asked).toEqual({ client: "ci", token: "t.o.k" });
  expect([...(lines.kept.get("ci")?.values() ?? [])].join()).not.toContain("t.o.k");
});

test("a host with another CA does not get the token", async () => {
  const { ports, lines, sent } = stage(letIn, other.certificate);
  const error = await failureOf(ciLogin(ports, WANTED));
  expect(error).toMatchObject({ code: "JOIN_HOST_UNPROVEN" });
  expect(error.why).toContain("the token was not sent");
  expect([sent, lines.kept.size, lines.staged.size]).toEqual([[], 0, 0]);
});

test("the line of an earlier job is replaced, with another key; any other line stays", async () => {
  const { ports, lines, sent } = stage();
  await ciLogin(ports, WANTED);
  await ciLogin(ports, WANTED);
  expect(sent).toHaveLength(2);
  expect(sent[1]?.credential.key).not.toBe(sent[0]?.credential.key);
  expect(lines.kept.get("ci")?.get("docker/key.pem")).toBe(sent[1]?.credential.key);
  lines.keep(sampleLine({ name: "web" }), {
    "docker/ca.pem": LINE_CA,
    "docker/cert.pem": "",
    "docker/key.pem": "",
  });
  expect(await failureOf(ciLogin(ports, { ...WANTED, name: "web" }))).toMatchObject({ code: "LINE_EXISTS" });
  expect(sent).toHaveLength(2);
});

test("a temporary failure is tried three times with the same key and token, then reported", async () => {
  const { ports, sent, state, pauses } = stage(async () => ({ refused: "the issuer hangs", retry: true }));
  expect(await failureOf(ciLogin(ports, WANTED))).toMatchObject({ code: "JOIN_REFUSED" });
  expect([new Set(sent.map(({ credential }) => credential.key)).size, sent.length, pauses()]).toEqual([
    1, 3, 2,
  ]);
  sent.length = 0;
  state.redeem = async (credential) => {
    if (sent.length === 1) throw new TetherdockError("JOIN_UNREACHABLE", "the host does not answer");
    return letIn(credential);
  };
  expect(await ciLogin(ports, WANTED)).toMatchObject({ line: "ci" });
});

test("a final refusal is not tried again, and its text cannot move the cursor", async () => {
  const { ports, sent, lines } = stage(async () => ({ refused: "no \u001b[31mentry", retry: false }));
  const error = await failureOf(ciLogin(ports, WANTED));
  expect(error).toMatchObject({ code: "JOIN_REFUSED" });
  expect(error.why.join()).not.toContain("\u001b");
  expect([sent.length, lines.kept.size]).toEqual([1, 0]);
});

test.each([
  ["another key", async () => sign(makeKeyPair().privateKey)],
  ["a CA", async () => ISSUING.certificate],
])("a certificate for %s is not kept", async (_what, make) => {
  const certificate = await make();
  const { ports, lines } = stage(async () => ({ name: "ci", role: "viewer", expires: null, certificate }));
  expect(await failureOf(ciLogin(ports, WANTED))).toMatchObject({ code: "JOIN_REFUSED" });
  expect(lines.kept.size).toBe(0);
});
