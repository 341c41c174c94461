/** The CA key's passphrase. */
import type { Context } from "../context.ts";
import { ask, choose } from "../lines/passphrases.ts";

const variable = "TETHERDOCK_CA_PASSPHRASE";

/** @throws PROMPT_IMPOSSIBLE */
export const askPassphrase = (context: Context, line: string): Promise<string> =>
  ask(context, { of: `the CA key of ${line}`, variable });

/** A new passphrase, typed twice. @throws PROMPT_IMPOSSIBLE; USAGE when the two differ or are empty */
export const choosePassphrase = (context: Context): Promise<string> =>
  choose(context, { of: "the CA key", variable });
