/** Text from another machine or program, with its own type. */
import { visible } from "./visible.ts";

/** Long enough for one line. */
const MAX_SHOWN = 300;

/**
 * A name, an address, a path, a version: a single word cannot be mistaken for our own sentence, so it needs no quotes.
 */
const PLAIN_WORD = /^[^\s"]{1,300}$/u;

function shorten(text: string): string {
  const characters = [...text.slice(0, 2 * MAX_SHOWN)];
  return characters.length > MAX_SHOWN ? `${characters.slice(0, MAX_SHOWN).join("")}…` : text;
}

/**
 * Formats foreign text for one of our sentences: a plain word unchanged, anything else in quotation marks, on one line,
 * with runs of blanks collapsed (they could push the end of the text to the start of the next line), and with a limited
 * length.
 */
export function quoteForeign(text: string): string {
  if (PLAIN_WORD.test(text) && visible(text) === text) return text;
  const oneLine = text.trim().replace(/[^\S\r\n]+/g, " ");
  return `"${visible(shorten(oneLine)).replace(/"/g, "'")}"`;
}

/**
 * Text chosen by another machine or program. It is not a string: in a sentence (`${text}`) it is quoted, and only code
 * that matches or parses it uses `raw`.
 */
export class Foreign {
  readonly raw: string;

  constructor(raw: string) {
    this.raw = raw;
  }

  /** The last non-empty lines, each quoted separately. */
  lastLines(count: number): string[] {
    const lines = this.raw.split(/[\r\n]+/).filter((line) => line.trim() !== "");
    return lines.slice(-count).map(quoteForeign);
  }

  toString(): string {
    return quoteForeign(this.raw);
  }

  /** Returns the raw text, because JSON quotes it. */
  toJSON(): string {
    return this.raw;
  }
}
