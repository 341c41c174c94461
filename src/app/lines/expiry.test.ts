/** When a line's certificate is reported, and what is said to do about it. */
import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../base/index.ts";
import { type Line, readValidity } from "../../line/index.ts";
import {
  issueClient,
  makeAuthority,
  makeKeyPair,
  openAuthority,
  RENEWAL_WINDOW_MS,
} from "../../pki/index.ts";
import { caWindow } from "./ca-end.ts";
import { dueWithCa, expiresSoon, expiryWarning } from "./expiry.ts";
import { lineEnvironment } from "./line-environment.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const authority = await openAuthority(
  await makeAuthority({ subject: "line", now: Date.parse("2024-12-01T00:00:00Z") }),
);
const { publicKey } = makeKeyPair();

/** Valid for so long, of which so much is left. */
function certificate(life: number, left: number): Promise<string> {
  const now = NOW + left - life + HOUR_MS;
  return issueClient(authority, { publicKey, commonName: "anna", now, until: NOW + left });
}

async function warningFor(pem: string, over: Partial<Line> = {}, hasCaKey = true, now = NOW) {
  const lines = new MemoryLines();
  const line = sampleLine(over);
  lines.keep(line, {
    "docker/ca.pem": authority.certificate,
    "docker/cert.pem": pem,
    "docker/key.pem": "",
    "ca/ca-key.pem": "x",
  });
  if (!hasCaKey) lines.kept.get(line.name)?.delete("ca/ca-key.pem");
  return expiryWarning({ lines }, line, pem, now);
}

describe("the end of validity, without node:crypto", () => {
  test.each([
    "1951-02-03",
    "1970-01-01",
    "2026-11-27",
    "2039-06-01",
    "2049-12-31",
    "2051-01-01",
    "2400-02-29",
  ])("is what node:crypto reads in a certificate from %s", async (from) => {
    const { certificate: pem } = await makeAuthority({ subject: "line", now: Date.parse(from) });
    const { validFrom, validTo } = new X509Certificate(pem);
    expect(readValidity(pem)).toEqual({ notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) });
  });

  test("is not found in what is no certificate, and reading always ends", async () => {
    const pem = await certificate(10 * DAY_MS, DAY_MS);
    const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ""), "base64");
    const asPem = (bytes: Uint8Array) =>
      `-----BEGIN CERTIFICATE-----\n${Buffer.from(bytes).toString("base64")}\n-----END CERTIFICATE-----\n`;
    for (const text of ["", "-----BEGIN CERTIFICATE-----", asPem(Buffer.alloc(0)), pem.slice(0, 200)])
      expect(readValidity(text)).toBeUndefined();
    for (let end = 0; end < 60; end++) expect(readValidity(asPem(der.subarray(0, end)))).toBeUndefined();
    const changed = fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(changed, (changes) => {
        const bytes = Buffer.from(der);
        for (const [at, value] of changes) bytes[at] = value;
        const read = readValidity(asPem(bytes));
        expect(read === undefined || Number.isFinite(read.notBefore + read.notAfter)).toBe(true);
      }),
    );
  });
});

test("a certificate is due 30 days before its end, as up renews it, or for the last third of a short life", () => {
  const due = (life: number, left: number) => expiresSoon({ notBefore: left - life, notAfter: left }, 0);
  expect(due(397 * DAY_MS, RENEWAL_WINDOW_MS)).toBe(false);
  expect(due(397 * DAY_MS, RENEWAL_WINDOW_MS - 1)).toBe(true);
  expect(due(6 * DAY_MS, 2 * DAY_MS)).toBe(false);
  expect(due(6 * DAY_MS, 2 * DAY_MS - 1)).toBe(true);
});

test.each([
  [397 * DAY_MS, 31 * DAY_MS, undefined],
  [397 * DAY_MS, 29.5 * DAY_MS, "expires in 29 days"],
  [397 * DAY_MS, 2.5 * DAY_MS, "expires in 2 days"],
  [397 * DAY_MS, 1.9 * DAY_MS, "expires in 45 hours"],
  [397 * DAY_MS, 2.5 * HOUR_MS, "expires in 2 hours"],
  [397 * DAY_MS, 1.5 * HOUR_MS, "expires in 1 hour"],
  [397 * DAY_MS, MINUTE_MS, "expires in less than an hour"],
  [397 * DAY_MS, 0, "expires in less than an hour"],
  [397 * DAY_MS, -1000, "has expired: its engine refuses you"],
  [6 * DAY_MS, 3 * DAY_MS, undefined],
  [6 * DAY_MS, 1.5 * DAY_MS, "expires in 36 hours"],
])("a life of %d ms with %d left: %s", async (life, left, text) => {
  const warning = await warningFor(await certificate(life, left));
  expect(warning).toBe(
    text && `the client certificate of the line vps ${text}; renew it: tetherdock renew vps`,
  );
});

test.each([
  ["native, with the CA key", {}, true, 1, "renew it: tetherdock renew vps"],
  ["native, without it", {}, false, 1, "ask whoever set the line up for a new one"],
  ["gateway, with the CA key", { mode: "gateway" }, true, 31, "renew it: tetherdock renew vps"],
  ["gateway, without it", { mode: "gateway" }, false, 29, "renew it: tetherdock renew vps"],
  [
    "gateway, without it, long ago",
    { mode: "gateway" },
    false,
    31,
    "ask an admin of its gateway to invite you again",
  ],
] as const)("%s: %s", async (_what, over, hasCaKey, days, way) => {
  const warning = await warningFor(await certificate(397 * DAY_MS, -days * DAY_MS), over, hasCaKey);
  expect(warning).toBe(`the client certificate of the line vps has expired: its engine refuses you; ${way}`);
});

test("one from the future says so, and how to replace it where that is possible", async () => {
  const ahead = await certificate(397 * DAY_MS, 500 * DAY_MS);
  const from = "the client certificate of the line vps is only valid from 2027-03-14";
  const clock = "compare this machine's clock: date -u";
  expect(await warningFor(ahead)).toBe(`${from}; ${clock}; if it is right, renew it: tetherdock renew vps`);
  expect(await warningFor(ahead, { mode: "gateway", joined: true }, false)).toBe(`${from}; ${clock}`);
});

test("a CI job's certificate is short: only its end is told, and what helps", async () => {
  const over = { mode: "gateway", joined: true, job: true } as const;
  expect(await warningFor(await certificate(10 * MINUTE_MS, MINUTE_MS), over, false)).toBeUndefined();
  expect(await warningFor(await certificate(10 * MINUTE_MS, -MINUTE_MS), over, false)).toBe(
    "the client certificate of the line vps has expired: its engine refuses you; log in again: tetherdock ci-login",
  );
});

describe("a certificate that ends with the line's CA", () => {
  const end = authority.facts.notAfter;
  const until = (left: number) =>
    issueClient(authority, { publicKey, commonName: "anna", now: end - 99 * DAY_MS, until: end - left });
  const ends = (what: string, way: string) =>
    `the CA of the line vps ${what}, and every certificate with it; ${way}`;
  const joined = { mode: "gateway", joined: true } as const;
  const renew = "renew it: tetherdock renew --force vps   # after tetherdock up where the line was set up";
  const ask = "ask whoever set the line up for the new ca.pem";

  test.each([
    ["where it was set up", {}, "renew it: tetherdock up core@vps", undefined],
    ["on the host itself", { target: null }, "renew it: tetherdock up --local", undefined],
    ["on a machine that joined", joined, renew, ask],
    ["imported, in native mode", { joined: true } as const, ask, undefined],
  ])("needs the CA's next one: %s", async (_what, over, way, afterwards) => {
    const pem = await until(0);
    expect(await warningFor(pem, over, true, end - 9.5 * DAY_MS)).toBe(ends("ends in 9 days", way));
    expect(await warningFor(pem, over, true, end + 1)).toBe(ends("has ended", afterwards ?? way));
    expect(await warningFor(pem, over, true, end - 30 * DAY_MS)).toBeUndefined();
  });

  test("a job's is short, and its CA is the admin's concern", async () => {
    expect(await warningFor(await until(0), { ...joined, job: true }, false, end - DAY_MS)).toBeUndefined();
  });

  test("status tells it a year before where up can renew it, and 30 days before elsewhere", () => {
    expect(caWindow(sampleLine({}))).toBe(365 * DAY_MS);
    expect(caWindow(sampleLine(joined))).toBe(30 * DAY_MS);
  });
});

test("through a gateway it is due once more in the CA's last 60 days: the CA's next one comes with it", () => {
  const life = { notBefore: 0, notAfter: 90 * DAY_MS };
  const ca = (notAfter: number) => ({ notBefore: 0, notAfter });
  expect(dueWithCa(life, undefined)).toBe(60 * DAY_MS);
  expect(dueWithCa(life, ca(1_000 * DAY_MS))).toBe(60 * DAY_MS);
  expect(dueWithCa(life, ca(100 * DAY_MS))).toBe(40 * DAY_MS);
  expect(dueWithCa(life, ca(60 * DAY_MS)), "it was renewed in these days").toBe(60 * DAY_MS);
});

test("a certificate that cannot be read is for status to report", async () => {
  expect(await warningFor("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")).toBeUndefined();
});

test("the environment of a line comes with the warning about its own certificate", async () => {
  const lines = new MemoryLines();
  const { certificate: ca } = authority;
  const files = { "docker/ca.pem": ca, "docker/key.pem": "", "ca/ca-key.pem": "" };
  lines.keep(sampleLine(), { ...files, "docker/cert.pem": await certificate(397 * DAY_MS, -DAY_MS) });
  expect((await lineEnvironment({ lines }, "vps", NOW)).warning).toMatch(/line vps has expired/);
  expect((await lineEnvironment({ lines }, "vps", NOW - 90 * DAY_MS)).warning).toBeUndefined();
});

test("a bug in the store is passed on, and not taken for a line without a CA key", async () => {
  const bug = new Error("a bug");
  const lines = { readFile: () => Promise.reject(bug) };
  const pem = await certificate(397 * DAY_MS, -DAY_MS);
  await expect(expiryWarning({ lines }, sampleLine(), pem, NOW)).rejects.toBe(bug);
});
