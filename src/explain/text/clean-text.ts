/** Pasted text made readable: without colours, quoting marks and log escapes, and with wrapped lines joined. */

/** Escape sequences of terminals: CSI and OSC (with its bounded argument), and the two-byte ones. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what has to go
const ANSI = /\x1b(?:\[[0-9;:?]{0,64}[ -/]{0,4}[@-~]|\][^\x07\x1b]{0,1024}(?:\x07|\x1b\\)|[@-Z\\^_])/g;

/** What mail, Markdown and boxes put before a line. */
const QUOTED = /^(?:[ \t]{0,8}[>|│┃]){1,4}[ \t]?/;

/** One level of escapes undone, for a line that a logger has put in quotes. */
function unescapeLine(line: string): string {
  if (!line.includes('\\"') && !line.includes("\\\\x")) return line;
  return line.replace(/\\(["\\])/g, "$1");
}

/**
 * Cleans text line by line.
 * @param text of any origin; terminal sequences, CRLF, NUL and quoting marks go
 */
export function cleanText(text: string): string {
  return text
    .replace(ANSI, "")
    .replace(/\r\n?/g, "\n")
    .replaceAll("\0", "")
    .split("\n")
    .map((line) => unescapeLine(line.replace(QUOTED, "")))
    .join("\n");
}

/** How loggers and programs begin a line of their own: such a line goes on from none before it. */
const NEW_RECORD =
  /^(?:time=|level=|ts=|\{|[[(]?\d{4}-\d\d-\d\d|[A-Z][a-z]{2} [ \d]\d \d\d:|[A-Z]+[:[]|(?:curl|docker|ssh|Error): |[\w.@-]{1,60}(?:\[\d+\]|\.service|\.socket): )/;

/** Joins lines that a mail program or an editor wrapped between words, indented or not. */
export function unwrapWords(text: string): string {
  return text
    .split("\n")
    .map((line, at) => (at === 0 ? line : NEW_RECORD.test(line) ? `\n${line}` : ` ${line.trimStart()}`))
    .join("");
}

/** Joins lines that a terminal broke at its last column: those exactly as long as the longest. */
export function unwrapColumns(text: string): string {
  const lines = text.split("\n");
  const width = lines.reduce((widest, line) => Math.max(widest, line.length), 0);
  return lines.map((line) => (line.length === width ? line : `${line}\n`)).join("");
}
