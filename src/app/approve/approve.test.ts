/** What an operator signs, whatever the gateway says. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryRecords } from "../../../test/support/app/memory-records.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import { proofKey, requestProof, shownSecret } from "../../identity/index.ts";
import {
  isClientCertificateFor,
  isIssuedBy,
  keyFingerprint,
  makeAuthority,
  makeKeyPair,
  readCertificate,
} from "../../pki/index.ts";
import { approveClient } from "./approve.ts";
import { formatRecord, type InvitationRecord } from "./invitation-record.ts";
import type { RequestToApprove, Wanted } from "./ports.ts";

const SECRET = Buffer.alloc(32, 9);
const BOB = makeKeyPair();
const FINGERPRINT = keyFingerprint(BOB.publicKey);
const CA = await makeAuthority({ subject: "line", now: NOW });
const RECORD: InvitationRecord = {
  name: "bob@desk",
  role: "viewer",
  expires: new Date(NOW + 30 * DAY_MS).toISOString(),
  proofKey: proofKey(SECRET).toString("hex"),
  until: new Date(NOW + DAY_MS).toISOString(),
};
const REQUEST = {
  publicKey: BOB.publicKey,
  proof: requestProof(proofKey(SECRET), FINGERPRINT),
  address: "192.0.2.1:4711",
  at: new Date(NOW).toISOString(),
};

/** @param request what the gateway says @param record what this machine has kept */
function stage(request: object | null = REQUEST, record: InvitationRecord | null = RECORD, joined = false) {
  const gateway = new FakeGateway();
  gateway.answers.set("approvals/bob%40desk", { request });
  const lines = new MemoryLines();
  const files = { "docker/ca.pem": CA.certificate, "docker/cert.pem": "c", "docker/key.pem": "k" };
  const line = sampleLine({ name: "web", mode: "gateway" });
  lines.keep(joined ? { ...line, joined } : line, { ...files, "ca/ca-key.pem": CA.privateKey });
  const [records, approvals] = [new MemoryRecords(), new MemoryRecords()];
  if (record !== null) records.texts.set("web bob@desk", formatRecord(record));
  const asked: RequestToApprove[] = [];
  const again: string[] = [];
  const state = { agrees: true };
  const ports = {
    ...{ lines, env: {}, gateway, clock: () => NOW, records, approvals },
    agrees: async (shown: RequestToApprove) => {
      asked.push(shown);
      return state.agrees;
    },
    agreesAgain: async ({ name }: { readonly name: string }) => {
      again.push(name);
      return state.agrees;
    },
    passphrase: async () => "",
  };
  const approve = (over: Partial<Wanted> = {}) =>
    approveClient(ports, {
      ...{ line: undefined, name: "bob@desk", fingerprint: undefined, yes: false },
      ...over,
    });
  return { approve, gateway, records, approvals, asked, again, state };
}

const sent = ({ gateway }: ReturnType<typeof stage>) =>
  gateway.bodies[0] as { certificate: string; fingerprint: string; role: string; expires: string };

test("it signs what this machine has agreed to: the name, a client's certificate, the end of access", async () => {
  const made = stage();
  expect(await made.approve()).toEqual({
    ...{ line: "web", name: "bob@desk", role: "viewer", expires: RECORD.expires, fingerprint: FINGERPRINT },
  });
  expect(made.asked).toEqual([
    {
      ...{ name: "bob@desk", role: "viewer", expires: RECORD.expires, fingerprint: FINGERPRINT },
      ...{ address: "192.0.2.1:4711", at: REQUEST.at },
    },
  ]);
  const { certificate, ...body } = sent(made);
  expect(body).toEqual({ fingerprint: FINGERPRINT, role: "viewer", expires: RECORD.expires });
  expect(isClientCertificateFor(certificate, BOB.privateKey)).toBe(true);
  expect(isIssuedBy(certificate, CA.certificate)).toBe(true);
  expect(readCertificate(certificate)).toMatchObject({
    ...{ subject: "CN=bob@desk", isAuthority: false, usages: ["clientAuth"], names: [] },
    notAfter: NOW + 31 * DAY_MS,
  });
  expect(made.records.texts.size).toBe(0);
});

const EVIL = makeKeyPair();
const EVIL_FINGERPRINT = keyFingerprint(EVIL.publicKey);

test.each([
  ["the proof of the right key", REQUEST.proof],
  ["a proof by what it was shown", requestProof(shownSecret(SECRET), EVIL_FINGERPRINT)],
  ["no proof", "A".repeat(43)],
])("a gateway that puts its own key in, with %s, gets nothing signed", async (_what, proof) => {
  const made = stage({ ...REQUEST, publicKey: EVIL.publicKey, proof });
  const error = await failureOf(made.approve({ yes: true }));
  expect(error).toMatchObject({ code: "APPROVE_REFUSED" });
  expect(error.hints).toContain("tetherdock client rm bob@desk   # deny the request");
  expect([made.asked, made.gateway.bodies]).toEqual([[], []]);
  expect(made.records.texts.size).toBe(1);
});

test("what else a gateway says of the request does not matter: name, role and life are not asked of it", async () => {
  const lies = { name: "root", role: "admin", expires: null, lifeMs: 1e12, isAuthority: true };
  const made = stage(REQUEST);
  made.gateway.answers.set("approvals/bob%40desk", { request: REQUEST, ...lies });
  await made.approve({ yes: true });
  expect(readCertificate(sent(made).certificate)).toMatchObject({
    ...{ subject: "CN=bob@desk", isAuthority: false, notAfter: NOW + 31 * DAY_MS },
  });
  expect(sent(made)).toMatchObject({ role: "viewer", expires: RECORD.expires });
});

test.each([
  ["a private key", BOB.privateKey],
  ["a certificate", CA.certificate],
  ["two keys", BOB.publicKey + EVIL.publicKey],
  ["no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"],
])("%s in place of a public key is not signed", async (_what, publicKey) => {
  const made = stage({ ...REQUEST, publicKey });
  await expect(made.approve({ yes: true })).rejects.toBeInstanceOf(TetherdockError);
  expect(made.gateway.bodies).toEqual([]);
});

test("--fingerprint approves that key only, and asks nothing", async () => {
  const made = stage();
  expect(await failureOf(made.approve({ fingerprint: EVIL_FINGERPRINT }))).toMatchObject({
    code: "APPROVE_REFUSED",
    why: [`its fingerprint is ${FINGERPRINT}`],
  });
  expect(made.gateway.bodies).toEqual([]);
  expect(await made.approve({ fingerprint: FINGERPRINT })).toMatchObject({ name: "bob@desk" });
  expect(made.asked).toEqual([]);
});

test("without the operator's yes nothing is signed", async () => {
  const made = stage();
  made.state.agrees = false;
  expect(await made.approve()).toBeNull();
  expect([made.gateway.bodies, made.records.texts.size]).toEqual([[], 1]);
});

test.each([
  ["no record", REQUEST, null],
  ["no request yet", null, RECORD],
  ["an invitation that has ended", REQUEST, { ...RECORD, until: new Date(NOW).toISOString() }],
  ["an access that would have ended", REQUEST, { ...RECORD, expires: new Date(NOW).toISOString() }],
  ["the record of another client", REQUEST, { ...RECORD, name: "eve" }],
])("%s: refused", async (_what, request, record) => {
  const made = stage(request, record);
  expect(await failureOf(made.approve({ yes: true }))).toMatchObject({ code: "APPROVE_REFUSED" });
  expect(made.gateway.bodies).toEqual([]);
});

test("if the gateway does not take it, the record stays, so that approve can be repeated", async () => {
  const made = stage();
  made.gateway.refusal = new TetherdockError("GATEWAY_UNREACHABLE", "the gateway does not answer");
  expect(await failureOf(made.approve({ yes: true }))).toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  made.gateway.refusal = null;
  expect(await made.approve({ yes: true })).toMatchObject({ name: "bob@desk" });
});

test("a machine without the CA key says where to approve", async () => {
  expect(await failureOf(stage(REQUEST, RECORD, true).approve())).toMatchObject({ code: "LINE_JOINED" });
});

test("who was approved here gets a new certificate for the same key, whatever the gateway has; rm ends that", async () => {
  const made = stage();
  await made.approve();
  made.gateway.answers.set("approvals/bob%40desk", { request: { ...REQUEST, publicKey: EVIL.publicKey } });
  expect(await made.approve()).toMatchObject({ name: "bob@desk", role: null, fingerprint: FINGERPRINT });
  expect(made.again).toEqual(["bob@desk"]);
  expect(made.gateway.calls.at(-1)).toMatchObject({ method: "PUT", path: "renewals/bob%40desk" });
  const { certificate } = made.gateway.bodies[1] as { certificate: string };
  expect(isClientCertificateFor(certificate, BOB.privateKey)).toBe(true);
  expect(readCertificate(certificate)).toMatchObject({ subject: "CN=bob@desk", notAfter: NOW + 31 * DAY_MS });
  expect(await failureOf(made.approve({ fingerprint: EVIL_FINGERPRINT }))).toMatchObject({
    code: "APPROVE_REFUSED",
  });
  made.state.agrees = false;
  expect(await made.approve()).toBeNull();
  expect(made.gateway.bodies).toHaveLength(2);
  await made.approvals.write("web", "bob@desk", undefined);
  expect(await failureOf(made.approve())).toMatchObject({ code: "APPROVE_REFUSED" });
});
