/** Blocks of help as a page of man(7). */
import type { Block, Prose, Segment, Term } from "../src/cli/help/blocks.ts";

/** Header and footer of a page. */
export interface ManHead {
  /** In lower case, such as `tetherdock-up`. */
  readonly name: string;
  /** What it does, in a line. */
  readonly brief: string;
  readonly version: string;
  readonly date: Date;
}

const LINE = 78;

/** A character outside ASCII, as mandoc and groff write it themselves when they read UTF-8: its length counts so. */
const byNumber = (character: string): string =>
  `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}]`;

/** Escapes text for roff. The hyphen of a command must be one that can be copied. */
function roffText(text: string, isCode: boolean): string {
  const plain = text.replaceAll("\\", "\\e").replaceAll('"', "\\(dq").replaceAll("~", "\\(ti");
  const marked = plain
    .replaceAll("^", "\\(ha")
    .replaceAll("`", "\\(ga")
    .replace(/[^\0-\x7f]/gu, byNumber);
  return isCode ? marked.replaceAll("-", "\\-").replaceAll("'", "\\(aq") : marked;
}

/** A line must not begin like a request. */
const guarded = (line: string): string => (/^[.']/.test(line) ? `\\&${line}` : line);

/** One line for the reader, several in the source: mandoc -Tlint complains about long ones. */
const whole = (line: string): string => guarded(line).replace(/(?=.{79}).{1,76} (?=\S)/g, "$&\\\n");

const FONT = { plain: "", code: "B", strong: "B", emphasis: "I" } as const;

function dress({ text, style }: Segment): string {
  const font = FONT[style];
  // Each word separately: a font change that spans lines is hard to see in the source.
  return text.replace(/\S+/g, (word) => {
    const shown = roffText(word, style === "code");
    return font === "" ? shown : `\\f${font}${shown}\\fR`;
  });
}

function fill(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((each) => each !== "")) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && longer.length <= LINE) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.map(guarded);
}

const prose = (text: Prose): string[] => fill(text.map(dress).join(""));
const bold = (text: string): string => `\\fB${roffText(text, true)}\\fR`;

/** Optional parts and placeholders are not bold; options and commands are. */
function nameOf(text: string): string {
  const shown = text
    .trim()
    .replace(/(?<![\w-])(?:--?[a-z][a-z-]*|[a-z]+)(?![\w])/g, (word) => `\u0001${word}\u0002`);
  return roffText(shown, true).replaceAll("\u0001", "\\fB").replaceAll("\u0002", "\\fR");
}

function terms(list: readonly Term[]): string[] {
  if (list.every(({ text }) => text === ""))
    return [".nf", ...list.map(({ name }) => whole(nameOf(name))), ".fi"];
  return list.flatMap(({ name, text }) => [".TP", whole(nameOf(name)), ...fill(roffText(text, false))]);
}

function table(rows: readonly (readonly Prose[])[]): string[] {
  return rows.flatMap(([first = [], ...rest]) => {
    const cells = rest.map(prose).filter((lines) => lines.length > 0);
    const tag = first.map(dress).join("");
    return [".TP", whole(tag), ...cells.flatMap((lines, at) => (at === 0 ? lines : [".br", ...lines]))];
  });
}

function title(text: Prose, level: number): string[] {
  const all = text.map(({ text: part }) => part).join("");
  if (level <= 1) return [`.SH ${roffText(all, false)}`];
  return level === 2 ? [`.SS ${roffText(all, false)}`] : [".PP", whole(bold(all))];
}

function lines(block: Block): string[] {
  switch (block.kind) {
    case "heading":
      return title(block.text, block.level);
    case "paragraph":
      return [".PP", ...prose(block.text)];
    case "list":
      return block.items.flatMap((item, at) => [
        block.isNumbered ? `.IP ${at + 1}. 4` : ".IP \\(bu 2",
        ...prose(item),
      ]);
    case "terms":
      return terms(block.terms);
    case "table":
      return table(block.rows);
    case "code":
      return [
        ".PP",
        ".RS 4",
        ".nf",
        ...block.lines.map((line) => whole(roffText(line, true)) || "\\&"),
        ".fi",
        ".RE",
      ];
  }
}

/** A paragraph directly after its heading needs no mark. */
function tidy(all: readonly string[]): string[] {
  return all.filter((line, at) => line !== ".PP" || !/^\.S[HS] /.test(all[at - 1] ?? ""));
}

/** @returns the page's source; deterministic */
export function manPage({ name, brief, version, date }: ManHead, blocks: readonly Block[]): string {
  const day = date.toISOString().slice(0, 10);
  const head = [
    `.TH ${roffText(name.toUpperCase(), true)} 1 ${day} \\(dqtetherdock ${version}\\(dq`.replaceAll(
      "\\(dq",
      '"',
    ),
    ".SH NAME",
    ...fill(`${roffText(name, true)} \\- ${roffText(brief, false)}`),
  ];
  return `${tidy([...head, ...blocks.flatMap(lines)]).join("\n")}\n`;
}
