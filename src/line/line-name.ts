/** The name of a line, which serves as folder name, DNS label and command-line word. */
import { TetherdockError } from "../base/index.ts";

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Whether `text` is a valid name for a line (RFC 1123 section 2.1, one label in lower case). */
export function isLineName(text: string): boolean {
  return NAME.test(text);
}

/**
 * Reads the name of a line.
 * @param text 1 to 63 of a-z, 0-9 and "-", not beginning or ending with "-"
 * @returns the same text
 * @throws LINE_NAME_INVALID
 */
export function parseLineName(text: string): string {
  if (isLineName(text)) return text;
  const offer = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  throw new TetherdockError("LINE_NAME_INVALID", `"${text}" cannot be the name of a line`, {
    why: ["a name has 1 to 63 of a-z, 0-9 and -, and does not begin or end with -"],
    hints: [`use the name ${offer || "build"}`],
  });
}
