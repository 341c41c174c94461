/** The error for a client that does not exist. */
import { nearest, quoteForeign, shellJoin, someOf, TetherdockError } from "../../base/index.ts";

/** A longer list helps nobody. */
const SHOWN = 20;

/** The names are from a gateway or a log: shown, never trusted. */
function whoIsThere(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [`the clients are ${someOf(names.map(quoteForeign), SHOWN)}`];
}

/** The command that lists the clients, and the same command again with another name. */
export interface ClientCommands {
  /** null: no command lists them. */
  readonly list: string | null;
  again(name: string): readonly string[];
}

/**
 * @param message what was looked for, and where
 * @param names of the clients that exist
 */
export function unknownClient(
  message: string,
  typed: string,
  names: readonly string[],
  { list, again }: ClientCommands,
): TetherdockError {
  const near = nearest(typed, names);
  return new TetherdockError("CLIENT_UNKNOWN", message, {
    why: [...near.map((name) => `did you mean ${quoteForeign(name)}?`), ...whoIsThere(names)],
    hints: [...near.slice(0, 1).map((name) => shellJoin(again(name))), ...(list === null ? [] : [list])],
  });
}
