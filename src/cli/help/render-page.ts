/** Blocks as lines of a terminal of any width. */
import type { Terminal } from "../context.ts";
import { createStyle, type Style } from "../output/style.ts";
import { type Block, type Prose, plain, type Segment, type Term } from "./blocks.ts";

/** How a page is laid out. */
export interface PageLook {
  /** Characters a line. Code, and words that are longer, stand out. */
  readonly width: number;
  readonly style: Style;
  /** Without colour, code is set off by backquotes. */
  readonly colour: boolean;
}

/** Longer lines are hard to read, however wide the terminal; in less than the least, nothing can be laid out. */
const MAX_WIDTH = 100;
const MIN_WIDTH = 40;

const INDENT = 2;
const CODE_INDENT = 4;
const GAP = 2;
/** Columns of names and cells leave at least this much for the text beside them; else it goes below. */
const MIN_TEXT = 34;
const MAX_NAME = 28;

/** For a terminal, or what stands for one. */
export function lookOf({ colour, columns }: Pick<Terminal, "colour" | "columns">): PageLook {
  const width = Math.max(MIN_WIDTH, Math.min(columns, MAX_WIDTH));
  return { width, style: createStyle(colour.stdout), colour: colour.stdout };
}

type Word = readonly Segment[];

const lengthOf = (word: Word): number => word.reduce((sum, { text }) => sum + [...text].length, 0);

function wordsOf(prose: Prose, { colour }: PageLook): Word[] {
  const words: Segment[][] = [[]];
  for (const segment of prose) {
    const text = segment.style === "code" && !colour ? `\`${segment.text}\`` : segment.text;
    for (const [at, part] of text.split(/\s+/).entries()) {
      if (at > 0) words.push([]);
      if (part !== "") words.at(-1)?.push({ ...segment, text: part });
    }
  }
  return words.filter((word) => word.length > 0);
}

function dress(word: Word, { style }: PageLook): string {
  return word
    .map((segment) => (/^(code|strong)$/.test(segment.style) ? style.bold(segment.text) : segment.text))
    .join("");
}

/** Lines of at most `width`, the first without an indent. */
function fill(prose: Prose, width: number, look: PageLook): string[] {
  const lines: Word[][] = [];
  let used = 0;
  for (const word of wordsOf(prose, look)) {
    const line = lines.at(-1);
    const length = lengthOf(word);
    if (line && used + 1 + length <= width) {
      line.push(word);
      used += 1 + length;
    } else {
      lines.push([word]);
      used = length;
    }
  }
  return lines.map((line) => line.map((word) => dress(word, look)).join(" "));
}

const indented = (lines: readonly string[], by: number): string[] =>
  lines.map((line) => (line === "" ? "" : " ".repeat(by) + line));

/** A first part of a line, its length as it is seen, and the text that hangs beside it. */
function hang(first: string, length: number, column: number, lines: readonly string[]): string[] {
  const [start = "", ...rest] = lines;
  if (start === "") return [first];
  return [first + " ".repeat(column - length) + start, ...indented(rest, column)];
}

function renderList(items: readonly Prose[], isNumbered: boolean, look: PageLook): string[] {
  const column = isNumbered ? 4 : 2;
  return items.flatMap((item, at) => {
    const mark = isNumbered ? `${at + 1}.` : "-";
    return hang(mark, mark.length, column, fill(item, look.width - INDENT - column, look));
  });
}

function renderTerms(terms: readonly Term[], look: PageLook): string[] {
  const { width, style } = look;
  const longest = Math.max(0, ...terms.map(({ name }) => name.length).filter((length) => length <= MAX_NAME));
  const column = longest + GAP;
  const beside = width - INDENT - column;
  return terms.flatMap(({ name, text }) => {
    const fits = beside >= MIN_TEXT && name.length + GAP <= column;
    const at = beside >= MIN_TEXT ? column : CODE_INDENT + GAP;
    const lines = fill(plain(text), Math.max(1, width - INDENT - at), look);
    return fits
      ? hang(style.bold(name), name.length, column, lines)
      : [style.bold(name), ...indented(lines, at)];
  });
}

function renderTable(head: readonly Prose[], rows: readonly (readonly Prose[])[], look: PageLook): string[] {
  const seen = (cell: Prose): number =>
    wordsOf(cell, look).reduce((sum, word) => sum + 1 + lengthOf(word), 0) - 1;
  const strong = head.map((cell) => cell.map((segment) => ({ ...segment, style: "strong" as const })));
  const all = head.every((cell) => cell.length === 0) ? rows : [strong, ...rows];
  const widths = head.map((_, at) => Math.max(0, ...all.map((row) => seen(row[at] ?? []))));
  const column = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP, 0);
  const beside = look.width - INDENT - column;
  if (beside >= Math.min(MIN_TEXT, widths.at(-1) ?? 0))
    return all.flatMap((row) => {
      const cells = row.slice(0, -1).map((cell, at) => {
        const gap = " ".repeat((widths[at] ?? 0) + GAP - Math.max(0, seen(cell)));
        return fill(cell, Number.POSITIVE_INFINITY, look).join(" ") + gap;
      });
      return hang(cells.join(""), column, column, fill(row.at(-1) ?? [], beside, look));
    });
  return rows.flatMap((row) => {
    const [first = [], ...others] = row;
    const below = others.flatMap((cell) => fill(cell, look.width - INDENT - CODE_INDENT, look));
    return [...fill(first, look.width - INDENT, look), ...indented(below, CODE_INDENT)];
  });
}

function renderBlock(block: Block, look: PageLook): string[] {
  switch (block.kind) {
    case "heading":
      return fill(
        block.text.map((segment) => ({ ...segment, style: "strong" })),
        look.width,
        look,
      );
    case "paragraph":
      return indented(fill(block.text, look.width - INDENT, look), INDENT);
    case "list":
      return indented(renderList(block.items, block.isNumbered, look), INDENT);
    case "terms":
      return indented(renderTerms(block.terms, look), INDENT);
    case "table":
      return indented(renderTable(block.head, block.rows, look), INDENT);
    case "code":
      return indented(block.lines, CODE_INDENT);
  }
}

/**
 * A page as lines. What belongs to a heading follows it at once, everything else after an empty line.
 * @returns one text a line
 */
export function renderPage(blocks: readonly Block[], look: PageLook): string[] {
  return blocks
    .flatMap((block, at) => {
      const apart = at > 0 && blocks[at - 1]?.kind !== "heading";
      return [
        ...(apart || block.kind === "heading" ? [""] : []),
        ...renderBlock(block, look).map((line) => line.trimEnd()),
      ];
    })
    .slice(blocks[0]?.kind === "heading" ? 1 : 0);
}
