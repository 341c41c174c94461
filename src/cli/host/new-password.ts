/** Passwords of files: from a file or stdin, else asked. Never an argument, which other users can see. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { readPasswordFromStdin } from "../../system/files/read-excerpt.ts";
import type { Context } from "../context.ts";

const MAX_BYTES = 1_000;

/** @param command as typed, without a password */
const withFile = (command: readonly string[]) =>
  `${shellJoin([...command, "--password-file", "FILE"])}   # its first line is the password; - reads stdin`;

const wrong = (message: string): TetherdockError =>
  new TetherdockError("USAGE", message, { hints: ["run this again"] });

/** The first line of the file. */
async function given(path: string): Promise<string> {
  const text = path === "-" ? await readPasswordFromStdin(MAX_BYTES) : await readText(path);
  return text.split(/\r?\n/)[0] ?? "";
}

function checked(password: string): string {
  if (password === "") throw wrong("the password is empty");
  if (Buffer.byteLength(password) > MAX_BYTES) throw wrong(`the password is longer than ${MAX_BYTES} bytes`);
  return password;
}

/** @throws PROMPT_IMPOSSIBLE, USAGE, FILE_FAILED */
export async function newPassword(
  { prompts }: Context,
  path: string | undefined,
  command: readonly string[],
): Promise<string> {
  if (path !== undefined) return checked(await given(path));
  const first = checked(await prompts.secret("new password for the file", withFile(command)));
  if ((await prompts.secret("repeat the password")) === first) return first;
  throw wrong("the passwords differ");
}

/** @throws PROMPT_IMPOSSIBLE, USAGE, FILE_FAILED */
export async function knownPassword(
  { prompts }: Context,
  path: string | undefined,
  command: readonly string[],
): Promise<string> {
  return checked(
    path === undefined
      ? await prompts.secret("password of the archive", withFile(command))
      : await given(path),
  );
}
