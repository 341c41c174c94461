/**
 * Splits command lines like systemd, see systemd.service(5), "COMMAND LINES". Each word keeps its raw text, so that we
 * can change one word and write back the others unchanged.
 */

/** One word of a command line. */
export interface Word {
  /** As written, quotes and escapes included. */
  readonly raw: string;
  /** Without quotes. Specifiers (%n) and variables ($X) are not expanded. */
  readonly value: string;
}

const WORD = /(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\\.|[^\s"'\\])+/g;

function unquote(raw: string): string {
  return raw.replace(/"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|\\(.)/g, (_, double, single, escaped) =>
    escaped !== undefined ? escaped : (double ?? single ?? "").replace(/\\(["'\\])/g, "$1"),
  );
}

/** Splits a raw `ExecStart=` value, or the value of a variable that expands to several words. */
export function splitCommand(raw: string): Word[] {
  return (raw.match(WORD) ?? []).map((word) => ({ raw: word, value: unquote(word) }));
}

/** The inverse of {@link splitCommand}. */
export function joinCommand(words: readonly Word[]): string {
  return words.map((word) => word.raw).join(" ");
}

/** Quotes a value as one word, so that systemd reads this value. A specifier in it (%H) stays a specifier. */
export function quoteWord(value: string): string {
  const escaped = value.replaceAll("$", "$$$$").replace(/%(?![A-Za-z])/g, "%%");
  return /^[^\s"'\\]+$/.test(escaped) ? escaped : `"${escaped.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * The assignments in a raw `Environment=` value: `A=1 "B=two words"`.
 * @see systemd.exec(5), Environment=
 */
export function splitEnvironment(raw: string): Map<string, string> {
  const pairs = splitCommand(raw).map((word) => /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word.value));
  return new Map(pairs.filter((pair) => pair !== null).map((pair) => [pair[1] ?? "", pair[2] ?? ""]));
}

/**
 * The assignments in a file named by `EnvironmentFile=`: one on each line, without quotes, ignoring `#` and `;`
 * comments.
 */
export function parseEnvironmentFile(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.replaceAll("\\\n", "").split("\n")) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(line.trim());
    if (match) found.set(match[1] ?? "", unquote(match[2] ?? ""));
  }
  return found;
}
