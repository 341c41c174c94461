import { expect, test } from "vitest";
import { type Block, plainText } from "./blocks.ts";
import { loadPages } from "./pages.ts";
import { parseInline } from "./parse-inline.ts";
import { parseMarkdown } from "./parse-markdown.ts";

const pages = Object.entries(await loadPages());

/** Everything that a block shows. */
function textOf(block: Block): string {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return plainText(block.text);
    case "list":
      return block.items.map(plainText).join(" ");
    case "table":
      return [block.head, ...block.rows].flat().map(plainText).join(" ");
    case "code":
      return block.lines.join(" ");
    case "terms":
      return block.terms.map(({ name, text }) => `${name} ${text}`).join(" ");
  }
}

/** Letters and digits only: no markup consists of them. */
const words = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];

test.for(pages)("%s: no word is lost, and no markup remains", ([, text]) => {
  const blocks = parseMarkdown(text);
  const source = text
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/^```.*$/gm, "")
    .replace(/^\d+\. /gm, "")
    .replace(/\]\([^)]*\)/g, "]");
  expect(words(blocks.map(textOf).join(" "))).toEqual(words(source));
  const prose = blocks.filter(({ kind }) => kind !== "code").map(textOf);
  for (const shown of prose) expect(shown).not.toMatch(/\]\(|\*\*\w|^```|^\| /);
});

test("styles, also nested", () => {
  expect(parseInline("a `b` **c `d`** *e* [f `g`](h.md#i) \\*j <https://k.example/>")).toEqual([
    { text: "a ", style: "plain" },
    { text: "b", style: "code" },
    { text: " ", style: "plain" },
    { text: "c ", style: "strong" },
    { text: "d", style: "code" },
    { text: " ", style: "plain" },
    { text: "e", style: "emphasis" },
    { text: " ", style: "plain" },
    { text: "f ", style: "plain", link: "h.md#i" },
    { text: "g", style: "code", link: "h.md#i" },
    { text: " ", style: "plain" },
    { text: "*", style: "plain" },
    { text: "j ", style: "plain" },
    { text: "https://k.example/", style: "plain" },
  ]);
});

test("a table cell may contain a vertical bar", () => {
  const [table] = parseMarkdown("| a | b |\n| --- | --- |\n| `x \\| y` | |\n");
  expect(table).toMatchObject({ rows: [[[{ text: "x | y", style: "code" }], []]] });
});
