import { expect, test } from "vitest";
import { renderVerification } from "./render-verification.ts";

const seal = "ab".repeat(32);
const part = { newest: "audit-00000001.jsonl", seal, begins: Date.UTC(2026, 0, 31, 8), rotated: 0 };
const found = { ok: true, files: 3, records: 21, seal, problems: [] };

test("a log that is whole", () => {
  const parts = [{ ...part, part: "actions", files: 1, records: 1 } as const];
  expect(renderVerification({ ...found, complete: true, files: 1, records: 1, parts })).toEqual([
    "every record is as it was written: 1 in 1 file",
    "  actions   1 record in 1 file, from the beginning",
    `last seal ${seal}`,
  ]);
});

test("a log without its beginning is not called whole", () => {
  const parts = [
    { ...part, part: "actions", files: 1, records: 1 },
    { ...part, part: "refusals", files: 2, records: 20, rotated: 5 },
  ] as const;
  expect(renderVerification({ ...found, complete: false, parts })).toEqual([
    "every record that is kept is as it was written: 21 in 3 files",
    "  actions   1 record in 1 file, from the beginning",
    "  refusals  20 records in 2 files, only from 2026-01-31T08:00:00.000Z: 5 older files rotated away",
    `last seal ${seal}`,
  ]);
});
