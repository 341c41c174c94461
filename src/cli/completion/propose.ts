/** What could be typed next, for the shells' completion scripts. */
import { proposeCompletions } from "@stricli/core";
import { createApplication } from "../application.ts";
import type { Context } from "../context.ts";

/** A word, and what it means. */
export interface Proposal {
  readonly word: string;
  readonly brief: string;
}

// After `--` comes a command of the user.
const isForeign = (words: readonly string[]): boolean => words.slice(0, -1).includes("--");

/**
 * @param words after the program's name, the last one unfinished and perhaps empty
 * @returns nothing where tetherdock has nothing to propose; then the shell completes file names
 */
export async function propose(words: readonly string[], context: Context): Promise<Proposal[]> {
  if (isForeign(words)) return [];
  try {
    const found = await proposeCompletions(
      createApplication(words, context, () => {}),
      words,
      context,
    );
    return found.map(({ completion, brief }) => ({ word: completion, brief }));
  } catch {
    return []; // an earlier word is wrong, or a store cannot be read: Tab shows no errors
  }
}
