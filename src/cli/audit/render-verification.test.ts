import { expect, test } from "vitest";
import { renderVerification } from "./render-verification.ts";

const seal = "ab".repeat(32);
const part = { newest: "audit-00000001.jsonl", seal, begins: Date.UTC(2026, 0, 31, 8), rotated: 0 };
const found = { ok: true, files: 3, records: 21, seal, problems: [] };

test("a complete log", () => {
  const parts = [{ ...part, part: "actions", files: 1, records: 1 } as const];
  expect(renderVerification({ ...found, complete: true, files: 1, records: 1, parts })).toEqual([
    "verified 1 record in 1 file",
    "  actions   1 record in 1 file, complete",
    `last seal ${seal}`,
  ]);
});

test("a log without its oldest files is reported as incomplete", () => {
  const parts = [
    { ...part, part: "actions", files: 1, records: 1 },
    { ...part, part: "refusals", files: 2, records: 20, rotated: 5 },
  ] as const;
  expect(renderVerification({ ...found, complete: false, parts })).toEqual([
    "verified 21 records in 3 files; older files were rotated away",
    "  actions   1 record in 1 file, complete",
    "  refusals  20 records in 2 files, incomplete, begins at 2026-01-31T08:00:00.000Z: 5 older files rotated away",
    `last seal ${seal}`,
  ]);
});
