/** The reference is what the table and the roles say: if this fails, `npm run docs`. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { operations } from "../../src/engine/index.ts";
import { operationReference } from "../../tools/operation-reference.ts";

test("docs/reference/operations.md shows the program's decisions (else: npm run docs)", async () => {
  const page = operationReference();
  expect(await readFile(new URL("../../docs/reference/operations.md", import.meta.url), "utf8")).toBe(page);
  for (const { name, method, path } of operations)
    expect(page).toContain(`\n| ${name} | \`${method} ${path}\` |`);
});
