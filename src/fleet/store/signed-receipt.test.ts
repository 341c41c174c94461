/** What of a receipt a gateway's signature covers, and of which gateway. */
import { expect, test } from "vitest";
import {
  fleetList,
  makeOperator,
  sampleReceipt,
  signNext,
} from "../../../test/support/fleet/sample-fleet.ts";
import { formatReceipt, type HostReceipt, readReceipt } from "./receipt.ts";
import { judgeReceipt, listDigest, receiptKeyOf, signStatement } from "./signed-receipt.ts";

const key = makeOperator();
const operator = makeOperator();
const documents = signNext(null, operator, fleetList());
const said = sampleReceipt("web", 3, { refused: "\u0001 no", closed: 2 });
const receipt: HostReceipt = { ...said, signature: signStatement(documents, said, key) };
const doubt = (one: HostReceipt, x: string | undefined = receiptKeyOf(key), of = documents) =>
  judgeReceipt(of, 4, one, x).doubt;

test("a receipt counts as it was written and read", () => {
  const read = readReceipt(formatReceipt(receipt), "web");
  expect("value" in read && doubt(read.value)).toBeNull();
});

test.each<Partial<HostReceipt>>([
  { host: "db" },
  { inForce: 4 },
  { list: "a".repeat(64) },
  { refused: null },
  { closed: 3 },
  { open: 1 },
  { tookMs: 2 },
  { at: 5 },
  { signature: signStatement(documents, said, makeOperator()) },
  { signature: "" },
])("with another %o it does not", (change) => {
  expect(doubt({ ...receipt, ...change })).toBe("wrong-signature");
});

test("nor in another fleet of the same name, whose versions begin anew", () => {
  const other = signNext(null, operator, fleetList(), { now: Date.now() + 1_000 });
  expect(doubt(receipt, receiptKeyOf(key), other)).toBe("wrong-signature");
  expect(doubt(receipt, receiptKeyOf(makeOperator()))).toBe("wrong-signature");
});

test("nor without a signature, or without a key to verify it", () => {
  expect(doubt({ ...receipt, signature: null })).toBe("unsigned");
  expect(judgeReceipt(documents, 4, receipt, undefined).doubt).toBe("unknown-key");
});

test("nor for another list of the same version, or for one that it does not name", () => {
  const judged = (over: Partial<HostReceipt>) => {
    const own = { ...said, ...over };
    const one = { ...own, signature: signStatement(documents, own, key) };
    return judgeReceipt(documents, 3, one, receiptKeyOf(key)).doubt;
  };
  expect(judged({ list: listDigest(documents) })).toBeNull();
  expect(judged({ list: listDigest({ timestamp: "another operator's" }) })).toBe("other-list");
  expect(judged({})).toBe("other-list");
  expect(judged({ inForce: 2 })).toBeNull();
});
