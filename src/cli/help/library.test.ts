/** Every page that a message names exists. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CHECKS } from "../../doctor/index.ts";
import { plainText } from "./blocks.ts";
import { LISTS } from "./command.ts";
import { errorCodes, findingNames, findPage, topicsNamedIn, topicsOf } from "./library.ts";
import { loadPages } from "./pages.ts";
import { parseMarkdown } from "./parse-markdown.ts";

const root = join(import.meta.dirname, "../../..");
const pages = await loadPages();

test.for(errorCodes())("%s has a page, in upper or lower case", (code) => {
  const page = findPage(pages, [code.toLowerCase()]);
  expect(page?.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["heading", "paragraph"]));
  expect(page?.filter(({ kind }) => kind === "heading")).toHaveLength(1);
});

test("each of doctor's checks has a page, and each topic a title", () => {
  expect(findingNames(pages).toSorted()).toEqual(CHECKS.map(({ id }) => id).toSorted());
  for (const { id } of CHECKS) expect(findPage(pages, [id])).not.toBeNull();
  for (const { name, title } of topicsOf(pages)) {
    expect(findPage(pages, name.split("-")), name).not.toBeNull();
    expect(title).not.toBe(name);
  }
});

test("pages listed under See also exist", () => {
  for (const text of Object.values(pages))
    for (const topic of topicsNamedIn(pages, parseMarkdown(text)))
      expect(findPage(pages, [topic]), topic).not.toBeNull();
  expect(topicsNamedIn(pages, findPage(pages, ["HOST_NOT_PROVEN"]) ?? [])).toEqual(["up"]);
});

test("messages name no file of docs/, and each `tetherdock help` in a message has a page", () => {
  const files = globSync("src/**/*.ts", { cwd: root }).filter(
    (path) => !/\.test\.ts$|cli\/help\//.test(path),
  );
  for (const path of files) {
    const code = readFileSync(join(root, path), "utf8").replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
    expect(code.match(/docs\/[\w/-]+\.md/g), path).toBeNull();
    for (const [, topic = ""] of code.matchAll(/tetherdock help ([\w/-]+)/g))
      expect(findPage(pages, [topic]), `${topic} in ${path}`).not.toBeNull();
  }
});

test("a page of the reference is found without its folder", () => {
  for (const word of ["deployer", "operations", "viewer"])
    expect(findPage(pages, [word]), word).toEqual(findPage(pages, [`reference/${word}`]));
});

test("unknown words have no page", () => {
  for (const word of ["README", "toString", "__proto__", "adr/0001-layout-and-layers", "../README", ""])
    expect(findPage(pages, [word]), word).toBeNull();
});

test("explain's page ends before its catalogue", () => {
  const headings = findPage(pages, ["explain"])?.flatMap((one) =>
    one.kind === "heading" ? plainText(one.text) : [],
  );
  expect(headings).toEqual(["Error messages and their causes"]);
});

test("the lists hide no page, and have every topic and every code", () => {
  const shown = (list: string) =>
    LISTS.get(list)?.(pages).flatMap((block) => (block.kind === "terms" ? block.terms : [])) ?? [];
  for (const list of LISTS.keys()) expect(findPage(pages, [list])).toBeNull();
  expect(shown("codes").map(({ name }) => name)).toEqual(errorCodes());
  expect(shown("topics").map(({ name }) => name)).toEqual(topicsOf(pages).map(({ name }) => name));
});
