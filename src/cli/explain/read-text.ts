/** The text to explain, from wherever it is given. */
import { TetherdockError } from "../../base/index.ts";
import { Excerpt, type ExcerptText } from "../../explain/index.ts";
import { readFileExcerpt, readStdin } from "../../system/files/read-excerpt.ts";
import type { Context } from "../context.ts";

function excerptOf(text: string): ExcerptText {
  const excerpt = new Excerpt();
  excerpt.add(new TextEncoder().encode(text));
  return excerpt.read();
}

/**
 * @param text as typed; undefined: the file, else stdin
 * @param isStdin stdin was asked for, so a terminal will do
 * @throws USAGE when there is nothing to explain, FILE_FAILED
 */
export async function readText(
  { terminal }: Context,
  text: string | undefined,
  file: string | undefined,
  isStdin: boolean,
): Promise<ExcerptText> {
  if (text === undefined && file === undefined && !isStdin && terminal.stdin)
    throw nothing("no text, no file, no command");
  const read =
    text !== undefined
      ? excerptOf(text)
      : file !== undefined
        ? await readFileExcerpt(file)
        : await readStdin();
  if (read.text.trim() === "") throw nothing("the text is empty");
  return read;
}

function nothing(why: string): TetherdockError {
  return new TetherdockError("USAGE", "there is nothing to explain", {
    why: [why],
    hints: ["tetherdock explain 'THE MESSAGE'", "tetherdock explain -- docker ps"],
  });
}
