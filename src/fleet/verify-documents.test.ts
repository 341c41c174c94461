/** What a host accepts as its fleet's list, whoever carries it. */
import type { KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import {
  accepted,
  fleetClient,
  fleetList,
  makeOperator,
  signNext,
} from "../../test/support/fleet/sample-fleet.ts";
import { DAY_MS, json } from "../base/index.ts";
import { type FleetDocuments, forHosts, readDocuments } from "./documents.ts";
import { type FleetHost, readFleetList } from "./fleet-list.ts";
import { readPublication } from "./store/publication.ts";
import { verifyDocuments, verifySignatures } from "./verify-documents.ts";

const key = makeOperator();
const first = await accepted(null, signNext(null, key, fleetList({ clients: [fleetClient("anna")] })));
const second = await accepted(
  first.documents,
  signNext(first, key, fleetList({ revoked: ["a".repeat(64)] })),
);

/** A document with its signed part changed, and the old signature. */
function forged(text: string, change: (signed: Record<string, unknown>) => void): string {
  const document = JSON.parse(text) as { signed: Record<string, unknown> };
  change(document.signed);
  return JSON.stringify(document);
}

const again = (by: KeyObject) => signNext(first, by, fleetList());

test("documents that follow the trusted ones are accepted, with what they say", async () => {
  expect(first.view).toMatchObject({ version: 1, rootVersion: 1, list: { name: "acme" } });
  expect(second.view).toMatchObject({ version: 2, rootVersion: 1, list: { revoked: ["a".repeat(64)] } });
  expect(await verifyDocuments(second.documents, second.documents)).toMatchObject({ isNews: false });
  expect(await verifyDocuments(first.documents, second.documents)).toMatchObject({ isNews: true });
});

test("versions may be skipped: a host that was away gets the latest", async () => {
  const third = await accepted(second.documents, signNext(second, key, fleetList()));
  expect(await verifyDocuments(first.documents, third.documents)).toMatchObject({ view: { version: 3 } });
});

test("versions count, and not clocks: a list of a machine whose clock is behind follows one whose clock is ahead", async () => {
  const now = Date.now();
  const ahead = signNext(first, key, fleetList(), { now: now + DAY_MS });
  const behind = signNext(await accepted(first.documents, ahead), key, fleetList(), { now: now - DAY_MS });
  expect(await verifyDocuments(ahead, behind)).toMatchObject({ view: { version: 3 }, isNews: true });
  expect(await verifyDocuments(behind, ahead)).toEqual({
    refused: expect.stringContaining("version 2 is less"),
  });
});

test("a new root.json is signed once half of its time is over, and hosts follow it", async () => {
  const now = Date.now() - 400 * DAY_MS;
  const old = signNext(null, key, fleetList(), { now, validMs: 500 * DAY_MS });
  const next = signNext(await accepted(null, old), key, fleetList());
  expect((await accepted(old, next)).view.rootVersion).toBe(2);
  expect((await accepted(old, next)).documents.roots).toHaveLength(2);
  // A host that was away for a year, with only the first root.
  expect((await accepted({ ...old, roots: old.roots.slice(0, 1) }, next)).view.rootVersion).toBe(2);
});

const other = makeOperator();
const elsewhere = signNext(null, other, fleetList());
const ended = signNext(second, key, fleetList(), { now: Date.now() - 40 * DAY_MS });

describe("refused", async () => {
  test.each<[string, FleetDocuments, RegExp]>([
    ["older documents", first.documents, /version 1 is less than current version 2/],
    [
      "the list of older documents",
      { ...second.documents, list: first.documents.list },
      /not the one that was signed/,
    ],
    [
      "an older snapshot",
      { ...second.documents, snapshot: first.documents.snapshot },
      /Expected (length|hash)/,
    ],
    ["older targets", { ...second.documents, targets: first.documents.targets }, /Expected (length|hash)/],
    ["documents that have ended", ended, /expired/],
    ["another version with the number of the trusted one", again(key), /equal to current version/],
    ["documents of another operator", again(other), /signed by 0\/1 keys/],
    ["another fleet", elsewhere, /signed by 0\/1 keys/],
    [
      "a timestamp that somebody changed",
      {
        ...second.documents,
        timestamp: forged(second.documents.timestamp, (one) => Object.assign(one, { version: 9 })),
      },
      /signed by 0\/1 keys/,
    ],
    ["text that is not JSON", { ...second.documents, timestamp: "{" }, /JSON/],
    ["JSON that is nested too deeply", { ...second.documents, timestamp: "[".repeat(60_000) }, /deeper/],
    ["JSON of another form", { ...second.documents, timestamp: "[]" }, /./],
  ])("%s", async (_what, offered, refused) => {
    expect(await verifyDocuments(second.documents, offered)).toEqual({
      refused: expect.stringMatching(refused),
    });
  });

  test("a root.json whose operators the old ones have not signed", async () => {
    const roots = [...first.documents.roots, ...elsewhere.roots];
    const swapped = {
      ...elsewhere,
      roots: [roots[0] ?? "", forged(roots[1] ?? "", (one) => Object.assign(one, { version: 2 }))],
    };
    expect(await verifyDocuments(first.documents, swapped)).toEqual({
      refused: expect.stringContaining("root was signed by 0/1"),
    });
  });

  test("a root.json that needs more signatures than it has", async () => {
    const two = forged(first.documents.roots[0] ?? "", (one) => {
      for (const role of Object.values(one["roles"] as Record<string, { threshold: number }>))
        role.threshold = 2;
    });
    expect(await verifyDocuments(null, { ...first.documents, roots: [two] })).toMatchObject({
      refused: expect.any(String),
    });
  });

  test.each([
    [
      "two clients of one name",
      { clients: [fleetClient("anna"), fleetClient("anna", { fingerprint: "b".repeat(64) })] },
      "anna is there twice",
    ],
    [
      "two clients with one key",
      {
        clients: [fleetClient("anna"), fleetClient("ben", { fingerprint: fleetClient("anna").fingerprint })],
      },
      "is there twice",
    ],
    [
      "a client without a key",
      { clients: [fleetClient("anna", { fingerprint: null })] },
      "every client of a fleet has a key",
    ],
    ["a name of other letters", { clients: [fleetClient("аnna")] }, "must be 1 to 64 of letters"],
    [
      "two names that Unicode makes one",
      { clients: [fleetClient("zo\u00e9"), fleetClient("zoe\u0301")] },
      "must be 1 to 64 of letters",
    ],
    ["a key that is not known", { later: true }, "later is not known"],
    ["a client with a key that is not known", { clients: [{ ...fleetClient("anna"), sudo: true }] }, "sudo"],
    ["a CA that is not a certificate", { ca: "x" }, "must be the certificate of a CA"],
  ])("a signed list with %s", async (_what, over, refused) => {
    const offered = signNext(first, key, fleetList(over as object));
    expect(await verifyDocuments(first.documents, offered)).toEqual({
      refused: expect.stringContaining(refused),
    });
  });
});

const hostNumber = (index: number, over = {}): FleetHost => ({
  ...{ name: `host-${index}`, address: `host-${index}.example`, port: 2376 },
  ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
  ...over,
});

test("a list of 1,000,000 clients is refused by its length, before its signatures are looked at", () => {
  const inText = (text: string) => JSON.stringify(text).slice(1, -1);
  const many = inText(`${JSON.stringify(fleetClient("anna"))},`).repeat(1_000_000);
  const before = inText('"clients":[');
  const text = JSON.stringify(first.documents).replace(before, `${before}${many}`);
  expect(text.length).toBeGreaterThan(100_000_000);
  const begun = performance.now();
  expect(json.read(text, readDocuments)).toHaveProperty("problems");
  expect(readPublication(`{"version":1,"documents":${text}}`)).toHaveProperty("problems");
  expect(performance.now() - begun).toBeLessThan(1_000);
}, 60_000);

const thousand = Array.from({ length: 1_000 }, (_, index) => hostNumber(index));

test("a thousand hosts fit; their certificates are not parsed, only their form is checked", async () => {
  const many = signNext(first, key, fleetList({ hosts: thousand }));
  expect(await verifyDocuments(first.documents, many)).toMatchObject({ view: { list: { hosts: thousand } } });
  const odd = signNext(first, key, fleetList({ hosts: [hostNumber(1, { ca: "/etc/passwd" })] }));
  expect(await verifyDocuments(first.documents, odd)).toEqual({
    refused: expect.stringContaining("must be a certificate, PEM"),
  });
  expect(await verifySignatures(first.documents, odd)).toMatchObject({ version: 2, isNews: true });
});

test("what hosts get does not name the other hosts, and verifies", async () => {
  const many = signNext(first, key, fleetList({ hosts: thousand }));
  const sent = forHosts(many);
  expect(JSON.stringify(sent)).not.toContain("host-1");
  expect(await verifyDocuments(first.documents, sent)).toMatchObject({
    view: { version: 2, list: { hosts: [] } },
  });
  const other = signNext(first, key, fleetList({ hosts: [hostNumber(1)] })).hosts;
  expect(await verifyDocuments(first.documents, { ...sent, hosts: other })).toEqual({
    refused: "the hosts are not those that were signed",
  });
});

test("a list that has its hosts in it, as older fleets have, keeps them", () => {
  const hosts = [hostNumber(1)];
  const old = JSON.stringify({ ...JSON.parse(first.documents.list), hosts });
  expect(readFleetList(old)).toMatchObject({ value: { hosts } });
});

test("other work gets a turn between two roots, however many there are", async () => {
  const now = Date.now();
  let signed = { documents: signNext(null, key, fleetList(), { now }), view: first.view };
  for (let year = 1; year <= 5; year += 1)
    signed = { ...signed, documents: signNext(signed, key, fleetList(), { now: now + year * 400 * DAY_MS }) };
  let turns = 0;
  const count = () => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await verifyDocuments(null, signed.documents);
  clearImmediate(next);
  expect(turns).toBeGreaterThanOrEqual(5);
});

test.each(["timestamp", "snapshot", "targets", "roots"] as const)("%s: at most 8 KiB", (which) => {
  const padded = `${" ".repeat(9 * 1024)}`;
  const documents = { ...first.documents, [which]: which === "roots" ? [padded] : padded };
  expect(json.read(JSON.stringify(documents), readDocuments)).toEqual({
    problems: [expect.stringContaining("at most 8192 characters")],
  });
});
