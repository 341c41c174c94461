/** docs/explain.md shows the program's entries; if this fails, run `node tools/write-explain-page.ts`. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { families } from "../src/explain/index.ts";
import { explainPage } from "./explain-page.ts";

test("docs/explain.md shows explain's entries (else: node tools/write-explain-page.ts)", async () => {
  const page = explainPage();
  expect(await readFile(new URL("../docs/explain.md", import.meta.url), "utf8")).toBe(page);
  for (const [, messages] of families)
    for (const { id, topic } of messages) {
      expect(page).toContain(`\n#### ${id}\n`);
      expect(page).toContain(`\n### ${topic.id}\n`);
    }
});
