/** Passphrases of private keys: from the environment for scripts, else asked. */
import { TetherdockError } from "../../base/index.ts";
import type { Context } from "../context.ts";

/** What a passphrase is for. */
export interface Secret {
  /** As people call it, such as `the CA key of web`. */
  readonly of: string;
  /** The variable that scripts set. */
  readonly variable: string;
}

const anotherWay = ({ variable }: Secret): string => `run it in a terminal, or set ${variable}`;

/** @throws PROMPT_IMPOSSIBLE */
export async function ask(
  { env, prompts }: Pick<Context, "env" | "prompts">,
  secret: Secret,
): Promise<string> {
  return env[secret.variable] || prompts.secret(`passphrase of ${secret.of}`, anotherWay(secret));
}

/** A new passphrase, typed twice. @throws PROMPT_IMPOSSIBLE; USAGE when the two differ or are empty */
export async function choose(
  { env, prompts }: Pick<Context, "env" | "prompts">,
  secret: Secret,
): Promise<string> {
  const given = env[secret.variable];
  if (given) return given;
  const first = await prompts.secret(`new passphrase for ${secret.of}`, anotherWay(secret));
  const second = await prompts.secret("repeat the passphrase");
  if (first !== "" && first === second) return first;
  throw new TetherdockError("USAGE", first === "" ? "the passphrase is empty" : "the passphrases differ", {
    hints: ["run this again"],
  });
}
