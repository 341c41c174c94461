/** The reference is what the role decides: if this fails, `npm run docs`. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { viewerReference } from "../../tools/viewer-reference.ts";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/reference/viewer.md shows the program's lists (else: npm run docs)", async () => {
  const shapes = JSON.parse(await read("test/golden/policy/answer-shapes.json"));
  expect(await read("docs/reference/viewer.md")).toBe(viewerReference(shapes));
});
