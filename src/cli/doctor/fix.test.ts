import { expect, test } from "vitest";
import { DEFAULT_CONFIRM_WITHIN_MS } from "../../app/up/index.ts";
import { FIX_FLAGS } from "./ports.ts";

test("doctor --fix runs up with its defaults: 2 minutes to confirm, with questions, without options", () => {
  const { confirmWithin, ...others } = FIX_FLAGS;
  expect(confirmWithin).toBe(120_000);
  expect(confirmWithin).toBe(DEFAULT_CONFIRM_WITHIN_MS);
  expect(new Set(Object.values(others))).toEqual(new Set([undefined, false]));
});
