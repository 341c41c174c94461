/** The passphrase of a line's key: from the environment for scripts, else asked. */
import { TetherdockError } from "../../base/index.ts";
import type { Context, Prompts } from "../context.ts";

const VARIABLE = "TETHERDOCK_KEY_PASSPHRASE";
const ANOTHER_WAY = `run it in a terminal, or set ${VARIABLE}`;

/** @throws PROMPT_IMPOSSIBLE */
export async function askKeyPassphrase(
  { env, prompts }: { readonly env: Context["env"]; readonly prompts: Prompts },
  line: string,
): Promise<string> {
  return env[VARIABLE] || prompts.secret(`passphrase of the key of ${line}`, ANOTHER_WAY);
}

/** A new passphrase, typed twice. @throws PROMPT_IMPOSSIBLE; USAGE when the two differ or are empty */
export async function chooseKeyPassphrase({ env, prompts }: Context, line: string): Promise<string> {
  if (env[VARIABLE]) return env[VARIABLE];
  const first = await prompts.secret(`new passphrase for the key of ${line}`, ANOTHER_WAY);
  const second = await prompts.secret("repeat the passphrase");
  if (first !== "" && first === second) return first;
  throw new TetherdockError("USAGE", first === "" ? "the passphrase is empty" : "the passphrases differ", {
    hints: ["run this again"],
  });
}
