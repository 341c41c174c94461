/** `tetherdock __complete WORD…`: one proposal a line, the word and its meaning apart by a tab. */
import type { Context } from "../context.ts";
import { propose } from "./propose.ts";

/** Prints what could be typed next. Never fails: a shell shows nothing then. */
export async function complete(words: readonly string[], context: Context): Promise<void> {
  const proposals = await propose(words.length > 0 ? words : [""], context);
  context.stdout.lines(proposals.map(({ word, brief }) => `${word}\t${brief.split("\n")[0]}`));
}
