import { expect, test } from "vitest";
import {
  isListRefused,
  JOURNAL_PATTERNS,
  listLine,
  NO_RECEIPT,
  RECEIPTS_TAKEN,
  STORE_CONNECTED,
  STORE_LOST,
} from "./journal.ts";

const [taken, refused] = [listLine(3, null), listLine(3, "'it is older'")];

test("doctor's patterns find the lines of the fleet process, each its own", () => {
  const receipts = [RECEIPTS_TAKEN, `${NO_RECEIPT}'status 405'`];
  const lines = [STORE_CONNECTED, `${STORE_LOST}'refused'`, taken, refused, ...receipts];
  const found = (pattern: string) => lines.filter((line) => new RegExp(pattern).test(line));
  expect(found(JOURNAL_PATTERNS.store)).toEqual(lines.slice(0, 2));
  expect(found(JOURNAL_PATTERNS.list)).toEqual(lines.slice(2, 4));
  expect(found(JOURNAL_PATTERNS.receipts)).toEqual(receipts);
});

test("a list that is not in force is told from one that is", () => {
  expect([taken, refused].map(isListRefused)).toEqual([false, true]);
});
