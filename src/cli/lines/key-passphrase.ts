/** The passphrase of a line's key. */
import type { Context } from "../context.ts";
import { ask, choose } from "./passphrases.ts";

/** The variable that scripts set. */
export const KEY_PASSPHRASE = "TETHERDOCK_KEY_PASSPHRASE";

const secretOf = (line: string) => ({ of: `the key of ${line}`, variable: KEY_PASSPHRASE });

/** @throws PROMPT_IMPOSSIBLE */
export const askKeyPassphrase = (context: Pick<Context, "env" | "prompts">, line: string): Promise<string> =>
  ask(context, secretOf(line));

/** A new passphrase, typed twice. @throws PROMPT_IMPOSSIBLE; USAGE when the two differ or are empty */
export const chooseKeyPassphrase = (context: Context, line: string): Promise<string> =>
  choose(context, secretOf(line));
