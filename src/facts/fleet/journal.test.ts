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

const [taken, refused, rejected] = [
  listLine(3, { rejected: null, refused: null }),
  listLine(3, { rejected: null, refused: "'it is older'" }),
  listLine(3, { rejected: "'it is older'", refused: null }),
];

test("doctor's patterns find the lines of the fleet process, each its own", () => {
  const receipts = [RECEIPTS_TAKEN, `${NO_RECEIPT}'status 405'`];
  const lines = [STORE_CONNECTED, `${STORE_LOST}'refused'`, taken, refused, rejected, ...receipts];
  const found = (pattern: string) => lines.filter((line) => new RegExp(pattern).test(line));
  expect(found(JOURNAL_PATTERNS.store)).toEqual(lines.slice(0, 2));
  expect(found(JOURNAL_PATTERNS.list)).toEqual(lines.slice(2, 5));
  expect(found(JOURNAL_PATTERNS.receipts)).toEqual(receipts);
});

test("a list that is refused is told from one that is in force", () => {
  expect([taken, refused, rejected].map(isListRefused)).toEqual([false, true, true]);
  expect(rejected).toBe("version 3 stays in force; the list in the store is refused: 'it is older'");
});
