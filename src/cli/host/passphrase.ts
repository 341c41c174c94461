/** The CA key's passphrase: from the environment for scripts, else asked. */
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";

const VARIABLE = "TETHERDOCK_CA_PASSPHRASE";
const ANOTHER_WAY = `run it in a terminal, or set ${VARIABLE}`;

/** @throws PROMPT_IMPOSSIBLE */
export async function askPassphrase({ env, prompts }: Context, line: string): Promise<string> {
  return env[VARIABLE] || prompts.secret(`passphrase of the CA key of ${line}`, ANOTHER_WAY);
}

/** A new passphrase, typed twice. @throws PROMPT_IMPOSSIBLE; USAGE when the two differ or are empty */
export async function choosePassphrase({ env, prompts }: Context): Promise<string> {
  if (env[VARIABLE]) return env[VARIABLE];
  const first = await prompts.secret("new passphrase for the CA key", ANOTHER_WAY);
  const second = await prompts.secret("repeat the passphrase");
  if (first !== "" && first === second) return first;
  throw new TetherdockError("USAGE", first === "" ? "the passphrase is empty" : "the passphrases differ", {
    hints: ["run this again"],
  });
}
