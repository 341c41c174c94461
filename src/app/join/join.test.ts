/** What `join` keeps on this machine, whatever the gateway answers and wherever it stops. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { ISSUING, joinStage, LINE_CA, type Redeem, signFor } from "../../../test/support/app/joining.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import type { JoinAnswer, JoinRequest } from "../../gateway/index.ts";
import { formatToken } from "../../identity/index.ts";
import { makeAuthority, makeKeyPair, readCertificate, sameKey } from "../../pki/index.ts";
import { join } from "./join.ts";

const SECRET = Buffer.alloc(32, 9);
const TOKEN = formatToken({
  approval: false,
  secret: SECRET,
  caFingerprint: readCertificate(LINE_CA).publicKeyFingerprint,
  address: "vps.example",
  port: 2376,
  line: "vps",
});

const sign = (key: string) => signFor(key, "bob@desk");
const letIn: Redeem<JoinAnswer> = async ({ key }) => ({
  ...{ name: "bob@desk", role: "viewer", expires: null, certificate: await sign(key) },
});
function stage(redeem = letIn, shown = LINE_CA) {
  const made = joinStage<JoinRequest, JoinAnswer>(redeem, shown);
  const waiting = { onWaiting: () => {}, pause: async () => {} };
  return { ...made, ports: { ...made.ports, ...waiting } };
}

const unreachable = () => Promise.reject(new TetherdockError("JOIN_UNREACHABLE", "the host does not answer"));

test("the line is kept with the key that was made here, and without a CA key", async () => {
  const { ports, lines, sent } = stage();
  expect(await join(ports, TOKEN)).toEqual({
    line: "vps",
    address: "vps.example:2376",
    client: "bob@desk",
    role: "viewer",
    expires: null,
  });
  expect(await lines.read("vps")).toMatchObject({ joined: true, mode: "gateway", target: null, port: 2376 });
  const files = lines.kept.get("vps") ?? new Map();
  expect([...files.keys()].toSorted()).toEqual([
    "docker/ca.pem",
    "docker/cert.pem",
    "docker/key.pem",
    "line.json",
  ]);
  expect(files.get("docker/ca.pem")).toBe(LINE_CA);
  expect(sameKey(files.get("docker/cert.pem") ?? "", files.get("docker/key.pem") ?? "")).toBe(true);
  expect(sent).toMatchObject([
    { asked: { secret: SECRET.toString("base64url"), proof: null }, credential: { ca: LINE_CA } },
  ]);
  expect(lines.staged.size).toBe(0);
});

test("a host with another CA is refused, and the token is not sent", async () => {
  const other = (await makeAuthority({ subject: "line", now: NOW })).certificate;
  const { ports, lines, sent } = stage(letIn, other);
  const error = await failureOf(join(ports, TOKEN));
  expect(error).toMatchObject({ code: "JOIN_HOST_UNPROVEN" });
  expect(error.why).toContain("the token was not sent");
  expect([sent, lines.staged.size, lines.kept.size]).toEqual([[], 0, 0]);
});

test("only the CA's own certificate is kept of what the host sent", async () => {
  const { ports, lines } = stage(letIn, `# text before\n${LINE_CA}\n${LINE_CA}trailing`);
  await join(ports, TOKEN);
  expect(lines.kept.get("vps")?.get("docker/ca.pem")).toBe(LINE_CA);
});

test("if the answer is lost, the next join uses the same key", async () => {
  const { ports, lines, sent, state } = stage(unreachable);
  expect(await failureOf(join(ports, TOKEN))).toMatchObject({ code: "JOIN_UNREACHABLE" });
  expect(await lines.list()).toEqual([]);
  state.redeem = letIn;
  await join(ports, TOKEN);
  const [first, second] = sent.map(({ credential }) => credential.key);
  expect(second).toBe(first);
  expect(await lines.list()).toEqual(["vps"]);
});

test("a key that is left of another gateway's invitation is not used", async () => {
  const { ports, sent, state } = stage(unreachable);
  await failureOf(join(ports, TOKEN));
  const other = await makeAuthority({ subject: "other", now: NOW });
  Object.assign(state, { redeem: letIn, shown: other.certificate });
  const token = formatToken({
    approval: false,
    secret: SECRET,
    caFingerprint: readCertificate(other.certificate).publicKeyFingerprint,
    address: "vps.example",
    port: 2376,
    line: "vps",
  });
  await join(ports, token);
  expect(sent[1]?.credential.key).not.toBe(sent[0]?.credential.key);
});

test.each([
  ["for good", false, 0],
  ["for now", true, 1],
])("refused %s", async (_what, retry, kept) => {
  const { ports, lines } = stage(async () => ({ refused: "no \u001b[31mentry", retry }));
  const error = await failureOf(join(ports, TOKEN));
  expect(error).toMatchObject({ code: "JOIN_REFUSED" });
  expect(error.why.join()).not.toContain("\u001b");
  expect([lines.staged.size, lines.kept.size]).toEqual([kept, 0]);
});

test.each([
  ["another key", async () => sign(makeKeyPair().privateKey)],
  ["a CA", async () => ISSUING.certificate],
])("a certificate for %s is not kept", async (_what, make) => {
  const { ports, lines } = stage(async () => ({
    ...{ name: "bob@desk", role: "viewer", expires: null },
    certificate: await make(),
  }));
  expect(await failureOf(join(ports, TOKEN))).toMatchObject({ code: "JOIN_REFUSED" });
  expect(lines.kept.size).toBe(0);
});

test("a name that is taken is refused before anything is sent; --name chooses another", async () => {
  const { ports, lines, sent } = stage();
  const files = { "docker/ca.pem": LINE_CA, "docker/cert.pem": "", "docker/key.pem": "" };
  lines.keep(sampleLine({ name: "vps" }), files);
  const error = await failureOf(join(ports, TOKEN));
  expect(error).toMatchObject({
    code: "LINE_EXISTS",
    hints: expect.arrayContaining(["tetherdock join --name vps-2"]),
  });
  expect(sent).toEqual([]);
  expect(await join(ports, TOKEN, { name: "work" })).toMatchObject({ line: "work" });
});

test("what an interrupted up has left under the name stays", async () => {
  const { ports, lines, sent } = stage();
  await lines.stage("vps", {
    "line.json": JSON.stringify(sampleLine({ name: "vps" })),
    ...{ "docker/ca.pem": LINE_CA, "docker/cert.pem": "c", "docker/key.pem": "k", "ca/ca-key.pem": "p" },
  });
  expect(await failureOf(join(ports, TOKEN))).toMatchObject({ code: "LINE_PENDING" });
  expect(sent).toEqual([]);
  expect(lines.staged.get("vps")?.get("ca/ca-key.pem")).toBe("p");
});
