/** Names that options write out, so that no command loads more than it needs: they are those of the use cases. */
import { expect, test } from "vitest";
import { FORMAT_NAMES } from "../../app/export/index.ts";
import { PROXY_KINDS } from "../../app/policy/index.ts";
import { exportFlags } from "../export/flags.ts";
import { importFlags } from "../policy/flags.ts";

test("export offers every format", () => {
  expect(exportFlags.format.values).toEqual(FORMAT_NAMES);
});

test("policy import offers every proxy", () => {
  expect(importFlags.from.values).toEqual(PROXY_KINDS);
});
