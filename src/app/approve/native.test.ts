/** A native engine: what is signed for a request, and what native mode refuses. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryRecords } from "../../../test/support/app/memory-records.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS } from "../../base/index.ts";
import { parseNativeToken } from "../../identity/index.ts";
import type { Line } from "../../line/index.ts";
import {
  isClientCertificateFor,
  isIssuedBy,
  keyFingerprint,
  LEAF_LIFETIME_MS,
  makeAuthority,
  makeKeyPair,
  makeSigningRequest,
  readCertificate,
} from "../../pki/index.ts";
import { parseAnyApproval } from "./approval-record.ts";
import { approveNative, inviteToNative, type NativeRequest } from "./native.ts";

const CA = await makeAuthority({ subject: "line", now: NOW });
const BOB = makeKeyPair();
const REQUEST = await makeSigningRequest(BOB.privateKey, "root@everywhere");
const FINGERPRINT = keyFingerprint(BOB.publicKey);

function stage(over: Partial<Line> = {}, agreed = true) {
  const lines = new MemoryLines();
  const files = { "docker/ca.pem": CA.certificate, "docker/cert.pem": "c", "docker/key.pem": "k" };
  lines.keep(sampleLine({ name: "web", ...over }), { ...files, "ca/ca-key.pem": CA.privateKey });
  const asked: NativeRequest[] = [];
  const approvals = new MemoryRecords();
  const ports = {
    approvals,
    ...{ lines, env: {}, clock: () => NOW, passphrase: async () => "" },
    agrees: async (request: NativeRequest) => {
      asked.push(request);
      return agreed;
    },
  };
  const wanted = { line: undefined, name: "bob@desk", request: REQUEST, yes: false };
  const approve = (more: object = {}) =>
    approveNative(ports, { ...wanted, expiresIn: undefined, fingerprint: undefined, ...more });
  const invite = (typed: readonly string[] = []) =>
    inviteToNative(
      ports,
      { line: undefined, name: "bob@desk" },
      typed.map((option) => ({ option, why: "there is no list" })),
    );
  return { approve, invite, asked, approvals };
}

test("the token has the host, its CA and the line's name, and nothing that lets anybody in", async () => {
  const { invite } = stage();
  const made = await invite();
  expect(made).toMatchObject({ name: "bob@desk", line: "web", token: expect.stringMatching(/^tdj3\./) });
  expect(parseNativeToken(made?.token ?? "")).toEqual({
    ...{ address: "192.0.2.7", port: 2376, line: "web" },
    caFingerprint: readCertificate(CA.certificate).publicKeyFingerprint,
  });
  expect((await invite())?.token).toBe(made?.token);
});

test("a line with a gateway is not for this; options that need one are refused with the way there", async () => {
  expect(await stage({ mode: "gateway" }).invite()).toBeNull();
  expect(await failureOf(stage().invite(["--role"]))).toMatchObject({
    ...{ code: "USAGE", message: "--role needs a gateway, and the line web has none" },
    hints: ["tetherdock up core@vps --gateway   # first"],
  });
  expect(await failureOf(stage({ joined: true }).invite())).toMatchObject({ code: "LINE_JOINED" });
});

test("the certificate has the operator's name for it, is a client's, and ends when the operator says", async () => {
  const { approve, asked } = stage();
  const made = await approve({ expiresIn: 30 * DAY_MS });
  const expires = new Date(NOW + 30 * DAY_MS).toISOString();
  expect(asked).toEqual([{ name: "bob@desk", line: "web", expires, fingerprint: FINGERPRINT }]);
  expect(made?.ca).toBe(CA.certificate);
  const certificate = made?.certificate ?? "";
  expect(isClientCertificateFor(certificate, BOB.privateKey)).toBe(true);
  expect(isIssuedBy(certificate, CA.certificate)).toBe(true);
  expect(readCertificate(certificate)).toMatchObject({
    ...{ subject: "CN=bob@desk", isAuthority: false, usages: ["clientAuth"], names: [] },
    notAfter: NOW + 30 * DAY_MS,
  });
  const usual = await approve();
  expect(readCertificate(usual?.certificate ?? "").notAfter).toBe(NOW + LEAF_LIFETIME_MS);
});

test("who was approved is recorded with the key, to sign again by; a request that is refused is not", async () => {
  const { approve, approvals } = stage();
  await approve({ expiresIn: 30 * DAY_MS });
  const [text = ""] = await approvals.list("web");
  const expires = new Date(NOW + 30 * DAY_MS).toISOString();
  expect(parseAnyApproval(text)).toMatchObject({ name: "bob@desk", expires });
  expect(keyFingerprint(parseAnyApproval(text)?.publicKey ?? "")).toBe(FINGERPRINT);
  const other = stage({}, false);
  await other.approve();
  expect(await other.approvals.list("web")).toEqual([]);
});

test("a newer tetherdock's record of a client is not replaced, and nothing is signed", async () => {
  const { approve, approvals, asked } = stage();
  await approvals.write("web", "bob@desk", '{"version": 2, "name": "bob@desk"}');
  expect(await failureOf(approve())).toMatchObject({
    ...{ code: "STATE_NEWER", message: "a newer tetherdock wrote the record of bob@desk" },
  });
  expect([asked, await approvals.read("web", "bob@desk")]).toEqual([[], expect.stringContaining("2")]);
});

test("a swapped request is refused by --fingerprint, and without a yes nothing is signed", async () => {
  const { approve, asked } = stage();
  const request = await makeSigningRequest(makeKeyPair().privateKey, "bob@desk");
  expect(await failureOf(approve({ request, fingerprint: FINGERPRINT }))).toMatchObject({
    code: "APPROVE_REFUSED",
  });
  expect(await approve({ fingerprint: FINGERPRINT })).toMatchObject({ fingerprint: FINGERPRINT });
  expect(asked).toEqual([]);
  expect(await stage({}, false).approve()).toBeNull();
});

test("a line with a gateway, or one that others set up, says where to go", async () => {
  expect(await failureOf(stage({ mode: "gateway" }).approve())).toMatchObject({
    ...{ code: "USAGE", hints: expect.arrayContaining(["tetherdock client approve bob@desk --line web"]) },
  });
  expect(await failureOf(stage({ joined: true }).approve())).toMatchObject({ code: "LINE_JOINED" });
});
