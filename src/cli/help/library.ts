/** What help can show, by the words that people type. Pure: the pages come from pages.ts. */
import { catalogue } from "../../base/index.ts";
import type { Block } from "./blocks.ts";
import { plainText } from "./blocks.ts";
import { parseMarkdown } from "./parse-markdown.ts";

/** A page's name → its Markdown. */
export type Pages = Readonly<Record<string, string>>;

const FINDINGS = "findings/";

/** A topic with its page's title. */
export interface Topic {
  readonly name: string;
  readonly title: string;
}

/** Guides and references; not the page of each finding. */
export function topicsOf(pages: Pages): Topic[] {
  return Object.entries(pages)
    .filter(([name]) => !name.startsWith(FINDINGS))
    .map(([name, text]) => ({ name, title: /^# (.*)$/m.exec(text)?.[1] ?? name }))
    .concat({ name: "findings", title: "What doctor finds" })
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Error codes. */
export function errorCodes(): string[] {
  return Object.keys(catalogue);
}

/** What doctor finds, by its checks' names. */
export function findingNames(pages: Pages): string[] {
  return Object.keys(pages)
    .filter((name) => name.startsWith(FINDINGS) && name !== `${FINDINGS}README`)
    .map((name) => name.slice(FINDINGS.length));
}

function isCode(word: string): boolean {
  return Object.hasOwn(catalogue, word);
}

/** The section of an error on the page of all errors. */
function errorPage(pages: Pages, code: string): Block[] {
  const blocks = parseMarkdown(pages["errors"] ?? "");
  const start = blocks.findIndex((block) => block.kind === "heading" && plainText(block.text) === code);
  if (start < 0) return [];
  const end = blocks.findIndex((block, at) => at > start && block.kind === "heading");
  return blocks.slice(start, end < 0 ? undefined : end);
}

/**
 * @param words as typed: `key-mode`, `HOST_NOT_PROVEN`, `getting started`, `findings/key-mode`, `deployer`
 * @returns the page, or null when there is none
 */
export function findPage(pages: Pages, words: readonly string[]): Block[] | null {
  const code = words.join("_").toUpperCase();
  if (isCode(code)) return errorPage(pages, code);
  const name = words.join("-").toLowerCase();
  const names = [
    name,
    `${FINDINGS}${name}`,
    `reference/${name}`,
    ...(name === "findings" ? [`${FINDINGS}README`] : []),
  ];
  const found = names.find((each) => Object.hasOwn(pages, each));
  return found === undefined ? null : parseMarkdown(pages[found] ?? "");
}

/** What a link on a page leads to, as words for `tetherdock help`; null when that is no page of help. */
function topicBehind(pages: Pages, link: string): string | null {
  const [, path = "", anchor = ""] = /^([^#]*)#?(.*)$/.exec(link) ?? [];
  const code = anchor.toUpperCase();
  if (/(^|\/)errors\.md$/.test(path) && isCode(code)) return code;
  const name = path.replace(/^(?:\.\.?\/)+/, "").replace(/\.md$/, "");
  if (/(^|\/)findings\/README$/.test(name)) return "findings";
  const bare = name.split("/").at(-1) ?? "";
  if (Object.hasOwn(pages, `${FINDINGS}${bare}`) && bare !== "README") return bare;
  return [name, `reference/${bare}`].find((each) => Object.hasOwn(pages, each)) ?? null;
}

/** The pages that a page names, each once. */
export function topicsNamedIn(pages: Pages, blocks: readonly Block[]): string[] {
  const prose = blocks.flatMap((block) => {
    if (block.kind === "paragraph") return block.text;
    if (block.kind === "list") return block.items.flat();
    return block.kind === "table" ? block.rows.flat(2) : [];
  });
  const topics = prose.map(({ link }) => (link === undefined ? null : topicBehind(pages, link)));
  return [...new Set(topics.filter((topic) => topic !== null))];
}
