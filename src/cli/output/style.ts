/** The few colours used. They repeat what the text says. */
import { visible } from "../../base/index.ts";

const CODES = {
  bold: ["1", "22"],
  dim: ["2", "22"],
  red: ["31", "39"],
  green: ["32", "39"],
  yellow: ["33", "39"],
} as const;

/** Functions that style a text. */
export type Style = Readonly<Record<keyof typeof CODES, (text: string) => string>>;

let mark: string | undefined;

/**
 * Stands for ESC until the text is written: what else holds an ESC was written by somebody else. Drawn anew in each
 * process, so that nobody can send it to us.
 */
function ownMark(): string {
  mark ??= String.fromCodePoint(
    ...crypto.getRandomValues(new Uint16Array(4)).map((number) => number & 0xfff),
  ).replace(/./gsu, (character) => String.fromCodePoint(0xf0000 + (character.codePointAt(0) ?? 0)));
  return mark;
}

/** @param colour false: every function returns its text as it is */
export function createStyle(colour: boolean): Style {
  const dress =
    ([open, close]: readonly [string, string]) =>
    (text: string): string =>
      colour ? `${ownMark()}${open}m${text}${ownMark()}${close}m` : text;
  return {
    bold: dress(CODES.bold),
    dim: dress(CODES.dim),
    red: dress(CODES.red),
    green: dress(CODES.green),
    yellow: dress(CODES.yellow),
  };
}

/** One line as the terminal gets it: our colours as escape sequences, and no other control character. */
export function terminalLine(line: string): string {
  return mark === undefined ? visible(line) : line.split(mark).map(visible).join("\u001b[");
}

/**
 * Whether a stream may be coloured. NO_COLOR (no-color.org) has the last word; then FORCE_COLOR, which is also for what
 * is no terminal; then a terminal that is not "dumb". Empty variables count as not set.
 */
export function allowsColour(
  isTerminal: boolean,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== "0" && FORCE_COLOR !== "false";
  return isTerminal && TERM !== "dumb";
}
