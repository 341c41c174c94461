/** Words of another machine or program, kept apart from ours by their type. */
import { visible } from "./visible.ts";

/** Nobody reads more of it in one line. */
const MAX_SHOWN = 300;

/** A name, an address, a path, a version: one word cannot be taken for a sentence of ours, so it needs no quotes. */
const PLAIN_WORD = /^[^\s"]{1,300}$/u;

function shorten(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_SHOWN)];
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join("")}…` : text;
}

/**
 * Foreign words as they may stand in a sentence of ours: a plain word as it is, anything else in quotation marks, in one
 * line, without runs of blanks that would push its end to the start of the next line, and not endless.
 */
export function quoteForeign(text: string): string {
  if (PLAIN_WORD.test(text) && visible(text) === text) return text;
  const oneLine = text.trim().replace(/[^\S\r\n]+/g, " ");
  return `"${visible(shorten(oneLine)).replace(/"/g, "'")}"`;
}

/**
 * Text that another machine or program has chosen. It is no string: put into a sentence (`${text}`) it stands there
 * quoted, and only who reads it by a pattern or a parser takes `raw`.
 */
export class Foreign {
  readonly raw: string;

  constructor(raw: string) {
    this.raw = raw;
  }

  /** The last lines that say something, each quoted on its own. */
  lastLines(count: number): string[] {
    const lines = this.raw.split(/[\r\n]+/).filter((line) => line.trim() !== "");
    return lines.slice(-count).map(quoteForeign);
  }

  toString(): string {
    return quoteForeign(this.raw);
  }

  /** JSON has its own quotes. */
  toJSON(): string {
    return this.raw;
  }
}
