/**
 * The Markdown of docs/, which is all that help has to read: headings, paragraphs, flat lists, tables, fenced code and
 * comments. A test compares what is read with each page.
 */
import type { Block } from "./blocks.ts";
import { parseInline } from "./parse-inline.ts";

const ITEM = /^(?:-|\d+\.) +/;
const STARTS_BLOCK = /^(?:#|```|\||<!--|(?:-|\d+\.) )/;

/** Takes lines from the front while they belong together. */
function take(lines: string[], belongs: (line: string) => boolean): string[] {
  const end = lines.findIndex((line) => !belongs(line));
  return lines.splice(0, end < 0 ? lines.length : end);
}

const joined = (lines: readonly string[]): string => lines.map((line) => line.trim()).join(" ");

function readCode(lines: string[]): Block {
  lines.shift();
  const code = take(lines, (line) => !line.startsWith("```"));
  lines.shift();
  return { kind: "code", lines: code };
}

function readHeading(lines: string[]): Block {
  const [, marks = "", text = ""] = /^(#+) +(.*)$/.exec(lines.shift() ?? "") ?? [];
  return { kind: "heading", level: marks.length, text: parseInline(text) };
}

function readList(lines: string[]): Block {
  const isNumbered = /^\d/.test(lines[0] ?? "");
  const items: string[] = [];
  while (ITEM.test(lines[0] ?? "")) {
    const first = (lines.shift() ?? "").replace(ITEM, "");
    items.push(joined([first, ...take(lines, (line) => /^ +\S/.test(line))]));
  }
  return { kind: "list", isNumbered, items: items.map(parseInline) };
}

function cellsOf(row: string): string[] {
  const cells = row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function readTable(lines: string[]): Block {
  const [head = [], , ...rows] = take(lines, (line) => line.startsWith("|")).map((line) =>
    cellsOf(line).map(parseInline),
  );
  return { kind: "table", head, rows };
}

function readParagraph(lines: string[]): Block {
  const first = lines.shift() ?? "";
  const rest = take(lines, (line) => line.trim() !== "" && !STARTS_BLOCK.test(line));
  return { kind: "paragraph", text: parseInline(joined([first, ...rest])) };
}

function readBlock(lines: string[]): Block {
  const [line = ""] = lines;
  if (line.startsWith("```")) return readCode(lines);
  if (line.startsWith("#")) return readHeading(lines);
  if (line.startsWith("|")) return readTable(lines);
  return ITEM.test(line) ? readList(lines) : readParagraph(lines);
}

/** @param text a page of docs/ */
export function parseMarkdown(text: string): Block[] {
  const lines = text.replace(/<!--[\s\S]*?-->/g, "").split("\n");
  const blocks: Block[] = [];
  for (;;) {
    take(lines, (line) => line.trim() === "");
    if (lines.length === 0) return blocks;
    blocks.push(readBlock(lines));
  }
}
