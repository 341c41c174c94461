/** A client that was named and is not there. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { nearest } from "../../line/index.ts";

/** More names than these do not help anybody. */
const SHOWN = 20;

/** The names are from a gateway or a log: shown, never trusted. */
function whoIsThere(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : "";
  return [`the clients are ${names.slice(0, SHOWN).map(quoteForeign).join(", ")}${more}`];
}

/** Where the clients are listed, and how the command is typed with another name. */
export interface ClientCommands {
  /** Lists them, if a command does. */
  readonly list: string | null;
  again(name: string): readonly string[];
}

/**
 * @param message what was looked for, and where
 * @param names of the clients that there are
 */
export function unknownClient(
  message: string,
  typed: string,
  names: readonly string[],
  { list, again }: ClientCommands,
): TetherdockError {
  // Nobody mistypes a page of text, and comparing it would take long.
  const near = typed.length > 128 ? [] : nearest(typed, names);
  return new TetherdockError("CLIENT_UNKNOWN", message, {
    why: [...near.map((name) => `did you mean ${quoteForeign(name)}?`), ...whoIsThere(names)],
    hints: [...near.slice(0, 1).map((name) => shellJoin(again(name))), ...(list === null ? [] : [list])],
  });
}
