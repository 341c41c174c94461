/** tetherdock(1) and a page for each command: the command's own help, and the guide of the same name. */
import { createApplication } from "../src/cli/application.ts";
import type { Context } from "../src/cli/context.ts";
import { type Block, heading, plain } from "../src/cli/help/blocks.ts";
import { commandPage, commandsOf, isGroup, type Target } from "../src/cli/help/command-page.ts";
import { findPage, type Pages, topicsNamedIn } from "../src/cli/help/library.ts";
import { loadPages } from "../src/cli/help/pages.ts";
import { manPage } from "./man-page.ts";

const NAMES: Readonly<Record<string, string>> = { Usage: "SYNOPSIS" };

/** A command's help with the headings of a manual page: the text after the synopsis is the description. */
function manual(target: Target, words: readonly string[]): Block[] {
  const blocks = commandPage(target, words);
  const [usage, lines, ...rest] = blocks.map((block) =>
    block.kind === "heading"
      ? heading(block.text.map(({ text }) => NAMES[text] ?? text.toUpperCase()).join(""), 1)
      : block,
  );
  return [usage, lines, heading("DESCRIPTION", 1), ...rest].filter((block) => block !== undefined);
}

const lower = (blocks: readonly Block[]): Block[] =>
  blocks.map((block) => (block.kind === "heading" ? { ...block, level: block.level + 1 } : block));

/** The commands of a group, each under its own heading. */
function subcommands(target: Target, words: readonly string[]): Block[] {
  if (!isGroup(target)) return [];
  return commandsOf(target).flatMap(({ name, target: command }) => {
    const own = [...words, name];
    return [heading(own.join(" "), 1), ...lower(manual(command, own)), ...subcommands(command, own)];
  });
}

function seeAlso(pages: Pages, guide: readonly Block[]): Block[] {
  const topics = topicsNamedIn(pages, guide).map((topic) => `tetherdock help ${topic}`);
  const names = ["tetherdock(1)", ...topics].join(", ");
  return [heading("SEE ALSO", 1), { kind: "paragraph", text: plain(names) }];
}

/** The exit statuses, from the page of errors. */
function exitStatus(pages: Pages): Block[] {
  const table = findPage(pages, ["errors"])?.find(({ kind }) => kind === "table");
  return table ? [heading("EXIT STATUS", 1), table] : [];
}

/** tetherdock(1): the commands, and what they have in common. */
function overview(root: Target, pages: Pages): Block[] {
  const commands = isGroup(root) ? commandsOf(root).map(({ name }) => `tetherdock-${name}(1)`) : [];
  const see: Block = { kind: "paragraph", text: plain(commands.join(", ")) };
  return [...manual(root, ["tetherdock"]), ...exitStatus(pages), heading("SEE ALSO", 1), see];
}

function commandManual(target: Target, words: readonly string[], pages: Pages): Block[] {
  const guide = findPage(pages, words.slice(1)) ?? [];
  return [...manual(target, words), ...subcommands(target, words), ...guide, ...seeAlso(pages, guide)];
}

/**
 * @param date stands in each page
 * @returns a file's name → its text
 */
export async function manPages(version: string, date: Date): Promise<Map<string, string>> {
  const pages = await loadPages();
  const { root } = createApplication([], {} as Context, () => {});
  const page = (name: string, { brief }: Target, blocks: readonly Block[]) =>
    [`${name}.1`, manPage({ name, brief, version, date }, blocks)] as const;
  const commands = isGroup(root) ? commandsOf(root) : [];
  return new Map([
    page("tetherdock", root, overview(root, pages)),
    ...commands.map(({ name, target }) =>
      page(`tetherdock-${name}`, target, commandManual(target, ["tetherdock", name], pages)),
    ),
  ]);
}
