/** docs/errors.md and the catalogue say the same: `tetherdock help CODE` shows a section of that page. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type CatalogueEntry, catalogue, type ErrorCode, TetherdockError } from "../../src/base/index.ts";

const page = await readFile(new URL("../../docs/errors.md", import.meta.url), "utf8");

/** Heading, title in italics, exit status, and the explanation up to the next heading. */
const SECTION = /^### (\S+)\n\*(.+)\* \(exit status (\d+)\)\n\n([^#]+)/gm;

interface Section extends CatalogueEntry {
  readonly text: string;
}

const sections = new Map<string, Section>(
  [...page.matchAll(SECTION)].map(([, code = "", title = "", exit, text = ""]) => [
    code,
    { title, exit: Number(exit) as CatalogueEntry["exit"], text: text.trim() },
  ]),
);
const codes = Object.keys(catalogue) as ErrorCode[];

test("docs/errors.md has a section for each code and no other", () => {
  const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading]) => heading);
  expect(headings.toSorted()).toEqual(codes.toSorted());
  expect([...sections.keys()].toSorted()).toEqual(codes.toSorted());
});

test.for(codes)("%s: title, exit status, explanation and anchor", (code) => {
  const { text, ...entry } = sections.get(code) ?? { text: "" };
  expect(entry).toEqual(catalogue[code]);
  expect(text.length).toBeGreaterThan(20);
  expect(new TetherdockError(code, "x").help).toBe(`tetherdock help ${code}`);
});

test("the table explains every exit status of the codes", () => {
  const table = page.slice(page.indexOf("| exit status"), page.indexOf("\n\nA unit test"));
  const explained = new Set([...table.matchAll(/\b\d+\b/g)].map(([number]) => Number(number)));
  for (const code of codes) expect(explained).toContain(catalogue[code].exit);
});
