/** Reads what the gateway keeps in a file beside the client list. */
import { shellJoin, TetherdockError } from "../../../base/index.ts";
import { readIfThere } from "../../files/file-error.ts";

export interface Kept<T> {
  /** For the message. */
  readonly what: string;
  readonly parse: (text: string) => { readonly value: T } | { readonly problems: readonly string[] };
  /** What to do after the file is removed. */
  readonly afterRemoval: string;
}

/** @returns null: there is no file @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
export async function readKept<T>(path: string, { what, parse, afterRemoval }: Kept<T>): Promise<T | null> {
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const read = parse(text);
  if ("value" in read) return read.value;
  throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read ${what} ${path}`, {
    why: read.problems,
    hints: [`${shellJoin(["rm", path])}   # ${afterRemoval}`],
  });
}
