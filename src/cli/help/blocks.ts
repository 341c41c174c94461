/** A help page before it is laid out: what a terminal and a man page are both made from. */

/** A piece of text in one style. */
export interface Segment {
  readonly text: string;
  readonly style: "plain" | "code" | "strong" | "emphasis";
  /** Where it leads, as the page writes it. */
  readonly link?: string;
}

/** Text that is laid out in lines. */
export type Prose = readonly Segment[];

/** A name and what it means: an option, an argument, a command. */
export interface Term {
  readonly name: string;
  /** Empty: the name says it all. */
  readonly text: string;
}

/** A part of a page. */
export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: Prose }
  | { readonly kind: "paragraph"; readonly text: Prose }
  | { readonly kind: "list"; readonly items: readonly Prose[]; readonly isNumbered: boolean }
  | { readonly kind: "table"; readonly head: readonly Prose[]; readonly rows: readonly (readonly Prose[])[] }
  | { readonly kind: "code"; readonly lines: readonly string[] }
  | { readonly kind: "terms"; readonly terms: readonly Term[] };

/** @returns the text without its styles */
export function plainText(prose: Prose): string {
  return prose.map(({ text }) => text).join("");
}

/** Text in one style. */
export function plain(text: string): Prose {
  return [{ text, style: "plain" }];
}

/** A heading of a page. */
export function heading(text: string, level = 2): Block {
  return { kind: "heading", level, text: plain(text) };
}
