/** `tetherdock help`: pages of docs/, and the help of commands. */
import { catalogue, nearest, TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";
import { type Block, heading, plain } from "./blocks.ts";
import { commandPage, commandsOf, isGroup, type Target } from "./command-page.ts";
import { errorCodes, findingNames, findPage, type Pages, topicsNamedIn, topicsOf } from "./library.ts";
import { loadPages } from "./pages.ts";
import { lookOf, renderPage } from "./render-page.ts";

/** The command that these words lead to; null when they lead to none. Aliases lead there too. */
function findCommand(root: Target, words: readonly string[]): Target | null {
  let target: Target | undefined = root;
  for (const word of words)
    target = target && isGroup(target) ? target.getRoutingTargetForInput(word) : undefined;
  return target ?? null;
}

/** The last line of a page that only leads to others: see also says it better. */
function isNavigation(block: Block): boolean {
  return (
    block.kind === "paragraph" && block.text.every(({ text, link }) => link !== undefined || text === " · ")
  );
}

function seeAlso(pages: Pages, blocks: readonly Block[], words: readonly string[]): Block[] {
  const topics = topicsNamedIn(pages, blocks).filter((topic) => topic !== words.join("-"));
  if (topics.length === 0) return [];
  return [heading("See also"), { kind: "code", lines: topics.map((topic) => `tetherdock help ${topic}`) }];
}

/** A command's own help, and the guide of the same name if there is one. */
function pageOf(root: Target, pages: Pages, words: readonly string[]): Block[] | null {
  const command = findCommand(root, words);
  const page = findPage(pages, words);
  if (!command && !page) return null;
  const text = (page ?? []).filter((block) => !isNavigation(block));
  const help = command ? commandPage(command, ["tetherdock", ...words]) : [];
  return [...help, ...text, ...seeAlso(pages, page ?? [], words)];
}

function topics(pages: Pages): Block[] {
  return [
    heading("Topics: tetherdock help TOPIC"),
    { kind: "terms", terms: topicsOf(pages).map(({ name, title }) => ({ name, text: title })) },
  ];
}

function codes(): Block[] {
  const titled = Object.entries(catalogue).map(([name, { title }]) => ({ name, text: title }));
  return [heading("Errors: tetherdock help CODE"), { kind: "terms", terms: titled }];
}

/** Lists of what there is. Nothing else has one of these names: a test looks. */
export const LISTS: ReadonlyMap<string, (pages: Pages) => Block[]> = new Map([
  ["topics", topics],
  ["codes", codes],
]);

function listing(root: Target, pages: Pages): Block[] {
  const commands = isGroup(root) ? commandsOf(root) : [];
  return [
    heading("Commands: tetherdock help COMMAND"),
    { kind: "terms", terms: commands.map(({ name, target: { brief } }) => ({ name, text: brief })) },
    ...topics(pages),
    heading("Errors and findings"),
    {
      kind: "paragraph",
      text: plain(
        "tetherdock help CODE explains an error code, such as HOST_NOT_PROVEN, and tetherdock help FINDING what doctor found, such as key-mode. Lists: tetherdock help codes, tetherdock help findings.",
      ),
    },
  ];
}

function allWords(root: Target, pages: Pages): string[] {
  const commands = isGroup(root) ? commandsOf(root).map(({ name }) => name) : [];
  return [...new Set([...commands, ...LISTS.keys(), ...topicsOf(pages).map(({ name }) => name)])];
}

function unknown(root: Target, pages: Pages, words: readonly string[]): TetherdockError {
  const typed = words.join(" ");
  const near = nearest(typed, [...allWords(root, pages), ...errorCodes(), ...findingNames(pages)]);
  return new TetherdockError("USAGE", `there is no help on "${typed}"`, {
    hints: [...near.map((word) => `tetherdock help ${word}`), "tetherdock help"],
  });
}

/** Words that could follow `tetherdock help`. Codes and findings are many: only once a letter is typed. */
export async function proposeTopics(root: Target, partial: string): Promise<string[]> {
  const pages = await loadPages();
  const more = partial === "" ? [] : [...errorCodes(), ...findingNames(pages)];
  return [...allWords(root, pages), ...more].filter((word) => word.startsWith(partial));
}

/** @param root the command tree */
export function helpCommand(root: Target) {
  return async function help(this: Context, _flags: Record<never, never>, ...words: string[]): Promise<void> {
    const pages = await loadPages();
    const list = words.length === 1 ? LISTS.get(words[0]?.toLowerCase() ?? "") : undefined;
    const page = words.length === 0 ? listing(root, pages) : (list?.(pages) ?? pageOf(root, pages, words));
    if (!page) throw unknown(root, pages, words);
    this.stdout.lines(renderPage(page, lookOf(this.terminal)));
  };
}
