/** The findings' pages are what the checks say: if this fails, `node tools/write-finding-docs.ts`. */
import { readdir, readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { CHECKS } from "../../src/doctor/checks/index.ts";
import { findingDocs } from "../../tools/finding-docs.ts";

const folder = new URL("../../docs/findings/", import.meta.url);
const pages = await findingDocs();

test("there is a page for each check and no other (else: node tools/write-finding-docs.ts)", async () => {
  const expected = ["README.md", ...CHECKS.map(({ id }) => `${id}.md`)];
  expect((await readdir(folder)).sort()).toEqual(expected.sort());
  expect([...pages.keys()].sort()).toEqual(expected.sort());
});

test.for([...pages])("docs/findings/%s is up to date", async ([name, text]) => {
  expect(await readFile(new URL(name, folder), "utf8")).toBe(text);
});

test("the pages are the same every time", async () => {
  expect(await findingDocs()).toEqual(pages);
});
