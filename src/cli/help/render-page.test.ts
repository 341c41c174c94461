import { expect, test } from "vitest";
import { createStyle } from "../output/style.ts";
import { heading, plain } from "./blocks.ts";
import { loadPages } from "./pages.ts";
import { parseMarkdown } from "./parse-markdown.ts";
import { lookOf, type PageLook, renderPage } from "./render-page.ts";

const look = (width: number): PageLook => ({ width, style: createStyle(false), colour: false });

test("a page fits into any terminal, except code and long words", async () => {
  for (const [name, text] of Object.entries(await loadPages()))
    for (const columns of [40, 60, 80, 100]) {
      const blocks = parseMarkdown(text).filter(({ kind }) => kind !== "code");
      for (const line of renderPage(blocks, look(columns)).filter((each) => !/\S{30}/.test(each)))
        expect([...line].length, `${name}: ${line}`).toBeLessThanOrEqual(columns);
    }
});

test("names are beside their text if there is room, otherwise above it", () => {
  const terms = [
    { name: "-y, --yes", text: "Do not ask" },
    { name: "    --confirm-within TIME", text: "The host undoes the change" },
  ];
  const page = [heading("Options"), { kind: "terms" as const, terms }];
  expect(renderPage(page, look(80))).toEqual([
    "Options",
    "  -y, --yes                  Do not ask",
    "      --confirm-within TIME  The host undoes the change",
  ]);
  expect(renderPage(page, look(44))).toEqual([
    "Options",
    "  -y, --yes",
    "        Do not ask",
    "      --confirm-within TIME",
    "        The host undoes the change",
  ]);
});

test("a table that does not fit becomes a list", () => {
  const rows = [
    [plain("a long first cell of a row"), plain("another long cell"), plain("the last one of them")],
  ];
  const table = { kind: "table" as const, head: [plain("one"), plain("two"), plain("three")], rows };
  expect(renderPage([table], look(90))).toEqual([
    "  one                         two                three",
    "  a long first cell of a row  another long cell  the last one of them",
  ]);
  expect(renderPage([table], look(60))).toEqual([
    "  a long first cell of a row",
    "      another long cell",
    "      the last one of them",
  ]);
});

test("the width is limited to between 40 and 100 columns", () => {
  const colour = { stdout: false, stderr: false };
  expect([10, 40, 72, 500].map((columns) => lookOf({ colour, columns }).width)).toEqual([40, 40, 72, 100]);
});
