/** What passes between a fleet's operator, its store and its hosts, as anybody may have written it. */
import { expect, test } from "vitest";
import {
  fleetList,
  makeOperator,
  sampleReceipt,
  signNext,
} from "../../../test/support/fleet/sample-fleet.ts";
import { json } from "../../base/index.ts";
import { forHosts } from "../documents.ts";
import { kindOfStore, readStoreAddress } from "./address.ts";
import { formatPublication, MOST_PUBLICATION, readPublication } from "./publication.ts";
import { formatReceipt, MOST_RECEIPT, readReceipt } from "./receipt.ts";
import { storeFailure } from "./store-failure.ts";

const addressOf = (...urls: readonly string[]) =>
  json.read(JSON.stringify({ urls, ca: null }), readStoreAddress);

test.each([
  ["https", ["https://web.example/fleet/"]],
  ["https", ["https://[2001:db8::1]:8443/"]],
  ["nats", ["nats://one.example:4222", "nats://two.example"]],
] as const)("an address of kind %s: %s", (kind, urls) => {
  const read = addressOf(...urls);
  expect("value" in read && kindOfStore(read.value)).toBe(kind);
});

test.each([
  ["plain HTTP", ["http://web.example/"]],
  ["a user", ["https://eve@web.example/"]],
  ["a password", ["nats://:secret@web.example:4222"]],
  ["a query", ["https://web.example/?a"]],
  ["letters of another alphabet", ["https://wеb.example/"]],
  ["a line break", ["https://web.example/\n"]],
  ["no URL", []],
  ["two kinds", ["https://web.example/", "nats://web.example"]],
  ["two web servers", ["https://one.example/", "https://two.example/"]],
  ["a path of this machine", ["file:///srv"]],
  ["a name of an object's own", ["constructor:"]],
] as const)("an address with %s is refused", (_what, urls) => {
  expect(addressOf(...urls)).toHaveProperty("problems");
});

test("a publication is read as it was written, and anything else is a problem", () => {
  const documents = signNext(null, makeOperator(), fleetList());
  const text = formatPublication(documents);
  expect(readPublication(text)).toEqual({ value: forHosts(documents) });
  for (const broken of ["", "[]", '{"version":2}', `${text.slice(0, -2)},"more":1}`, "x".repeat(100)])
    expect(readPublication(broken)).toHaveProperty("problems");
  expect(readPublication(" ".repeat(MOST_PUBLICATION + 1))).toHaveProperty("problems");
});

const RECEIPT = sampleReceipt("web", 3, { closed: 1, signature: `${"A".repeat(86)}==` });

test("a receipt counts for the host whose place it is at", () => {
  expect(readReceipt(formatReceipt(RECEIPT), "web")).toEqual({ value: RECEIPT });
  const { signature: _, rejected: __, ...old } = RECEIPT;
  expect(readReceipt(JSON.stringify({ version: 1, ...old }), "web")).toEqual({
    value: { ...RECEIPT, signature: null, rejected: null },
  });
  expect(readReceipt(formatReceipt(RECEIPT), "db")).toEqual({ problems: ["it is not the receipt of db"] });
});

test("a receipt has a bound, however long the reason is", () => {
  const text = formatReceipt({ ...RECEIPT, refused: "\u0001".repeat(10_000) });
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MOST_RECEIPT);
  expect(readReceipt(text, "web")).toHaveProperty("value");
  expect(readReceipt(" ".repeat(MOST_RECEIPT + 1), "web")).toHaveProperty("problems");
});

test("a failure names the store, and quotes what it said", () => {
  const address = { urls: ["nats://one.example", "nats://two.example"], ca: null };
  const failure = storeFailure("cannot publish the fleet's list", address, "no\u001b[2J");
  expect(failure).toMatchObject({ code: "FLEET_STORE_FAILED" });
  expect(failure.why.join()).toMatch(/^the store nats:\/\/one.example, nats:\/\/two.example: /);
  expect(failure.why.join()).not.toContain("\u001b");
});

test("of a CA that is not known, what Node's own command line could do is not shown", () => {
  const why =
    "unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca";
  const failure = storeFailure("cannot read", { urls: ["https://web.example/acme"], ca: null }, why);
  expect(failure.why).toEqual([
    'the store https://web.example/acme: "unable to verify the first certificate"',
  ]);
  expect(failure.hints.join()).toContain("--store-ca");
});
